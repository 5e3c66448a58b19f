//! Weights of our own heads, which are part of the program: `models/` holds them beside their cards.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tch::{Tensor, nn, no_grad};

use super::encoder::panic_words;

/// Fills every variable of `store` from `bytes` in the safetensors format and freezes them.
///
/// An error says which variable is missing or of another shape; it is a defect of this build.
pub fn fill(store: &mut nn::VarStore, bytes: &[u8]) -> Result<(), String> {
    let fill = || {
        let stored = safetensors::SafeTensors::deserialize(bytes).map_err(|e| e.to_string())?;
        for (name, variable) in &mut store.variables() {
            let of = |e: &dyn std::fmt::Display| format!("{name}: {e}");
            let view = stored.tensor(name).map_err(|e| of(&e))?;
            let tensor = Tensor::try_from(view).map_err(|e| of(&e))?;
            if tensor.size() != variable.size() {
                return Err(format!("{name}: {:?} numbers for {:?}", tensor.size(), variable.size()));
            }
            no_grad(|| variable.f_copy_(&tensor)).map_err(|e| of(&e))?;
        }
        Ok(())
    };
    // libtorch raises some errors as panics.
    catch_unwind(AssertUnwindSafe(fill)).unwrap_or_else(|panic| Err(panic_words(&*panic)))?;
    store.freeze();
    Ok(())
}

#[cfg(test)]
mod tests {
    use tch::Device;

    use super::*;

    #[test]
    fn broken_or_other_weights_are_an_error() {
        let mut store = nn::VarStore::new(Device::Cpu);
        nn::linear(store.root() / "out", 2, 1, Default::default());
        assert!(fill(&mut store, b"no weights").is_err());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("one.safetensors");
        let bias = Tensor::from_slice(&[1.0f32]);
        Tensor::write_safetensors(&[("out.bias", &bias)], &path).unwrap();
        let error = fill(&mut store, &std::fs::read(&path).unwrap()).unwrap_err();
        assert!(error.starts_with("out.weight"), "{error}");
        let other = Tensor::from_slice(&[1.0f32, 2.0, 3.0]);
        Tensor::write_safetensors(&[("out.bias", &bias), ("out.weight", &other)], &path).unwrap();
        let error = fill(&mut store, &std::fs::read(&path).unwrap()).unwrap_err();
        assert!(error.contains("[3] numbers for [1, 2]"), "{error}");
        let right = other.narrow(0, 0, 2).view([1, 2]);
        Tensor::write_safetensors(&[("out.bias", &bias), ("out.weight", &right)], &path).unwrap();
        assert_eq!(fill(&mut store, &std::fs::read(&path).unwrap()), Ok(()));
    }
}
