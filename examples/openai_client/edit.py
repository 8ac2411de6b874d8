"""Edit a picture through a running guard with the ordinary OpenAI client: only base URL and key differ.

    pip install openai
    python examples/openai_client/edit.py photo.jpg "make the sky a sunset" sunset.png --key csk_...

A refusal is the client's usual exception; what is printed is the sentence meant for the person who asked.
"""

import argparse
import base64
import sys
from pathlib import Path

import openai


def main() -> int:
    """0 when the edited picture was written, 1 when it was refused."""
    parser = argparse.ArgumentParser(description="Edit a picture through a running guard.")
    parser.add_argument("picture", type=Path)
    parser.add_argument("wish", help="what is to be changed, in English or Japanese")
    parser.add_argument("out", type=Path)
    parser.add_argument("--url", default="http://127.0.0.1:8010/v1")
    parser.add_argument("--key", required=True, help="the platform's key at this guard")
    parser.add_argument("--language", default="en", choices=["en", "ja"])
    parser.add_argument("--subject", help="your pseudonym of the person who asks; needs a key with that scope")
    given = parser.parse_args()
    headers = {"Accept-Language": given.language} | ({"X-Consentry-Subject": given.subject} if given.subject else {})
    client = openai.OpenAI(base_url=given.url, api_key=given.key, default_headers=headers)
    try:
        reply = client.images.edit(image=given.picture, prompt=given.wish, model="gpt-image-1")
    except openai.APIStatusError as refused:
        error = refused.body if isinstance(refused.body, dict) else {}
        print(
            f"Refused ({refused.status_code} {refused.code}): {error.get('message', refused.message)}", file=sys.stderr
        )
        if error.get("link"):
            print(f"What would be needed: {error['link']}", file=sys.stderr)
        print(f"Decision: {error.get('decision_id')}", file=sys.stderr)
        return 1
    (picture,) = reply.data or []
    given.out.write_bytes(base64.b64decode(picture.b64_json or ""))
    print(f"Written: {given.out}. Look at its history with: consentry inspect {given.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
