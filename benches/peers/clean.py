"""Cleans pages with one of the Python extractors that dateline is measured beside.

    clean.py trafilatura|newspaper4k|readability-lxml < pages.jsonl > articles.jsonl

In: one object a line, {"html", "url"} ("url" may be null). Out: first {"version"}, then for every
page, in order, {"text", "title", "byline", "published", "seconds", "failed"}. A page that makes the
extractor fail counts as empty. "seconds" is the CPU time of the
extraction alone.
"""

import importlib.metadata
import json
import logging
import sys
import time


def with_trafilatura():
    import trafilatura

    def extract(html, url):
        document = trafilatura.bare_extraction(
            html, url=url, include_comments=False, with_metadata=True
        )
        if document is None:
            return {}
        return {
            "text": document.text,
            "title": document.title,
            "byline": document.author,
            "published": document.date,
        }

    return extract


def with_newspaper4k():
    import newspaper

    # It would fetch every image otherwise, to measure it.
    config = newspaper.Config()
    config.fetch_images = False

    def extract(html, url):
        article = newspaper.Article(url or "https://example.org/", config=config)
        article.download(input_html=html)
        article.parse()
        return {
            "text": article.text,
            "title": article.title,
            "byline": ", ".join(article.authors),
            "published": str(article.publish_date or ""),
        }

    return extract


def with_readability_lxml():
    import lxml.html
    import readability

    def extract(html, url):
        document = readability.Document(html, url=url)
        summary = lxml.html.fromstring(document.summary())
        # The words of different blocks must not become one.
        for block in summary.iter("blockquote", "br", "div", "h1", "h2", "h3", "h4", "li", "p", "td"):
            block.tail = "\n" + (block.tail or "")
        return {"text": summary.text_content(), "title": document.short_title()}

    return extract


PROGRAMS = {
    "trafilatura": with_trafilatura,
    "newspaper4k": with_newspaper4k,
    "readability-lxml": with_readability_lxml,
}


def main():
    if len(sys.argv) != 2 or sys.argv[1] not in PROGRAMS:
        sys.exit(__doc__)
    name = sys.argv[1]
    extract = PROGRAMS[name]()
    # What they say of each bad page is of no use here.
    logging.disable(logging.CRITICAL)
    print(json.dumps({"version": importlib.metadata.version(name)}))
    for line in sys.stdin:
        page = json.loads(line)
        start = time.thread_time()
        try:
            article, failed = extract(page["html"], page["url"]), False
        except Exception:
            article, failed = {}, True
        seconds = time.thread_time() - start
        answer = {key: article.get(key) or None for key in ("title", "byline", "published")}
        answer |= {"text": article.get("text") or "", "seconds": seconds, "failed": failed}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
