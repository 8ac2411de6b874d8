"""The example platform's few sentences, in English and Japanese."""

LANGUAGES = ("en", "ja")

WORDS: dict[str, tuple[str, str]] = {
    "name": ("Pictures (example platform)", "ピクチャーズ(サンプルプラットフォーム)"),
    "demo": (
        "Demonstration only: drawn pictures, made-up people, sign-in without a password.",
        "これはデモです。画像は描いたもの、人物は架空で、パスワードなしでサインインします。",
    ),
    "feed": ("Feed", "フィード"),
    "upload": ("Upload", "投稿する"),
    "account": ("Account", "アカウント"),
    "sign_in": ("Sign in", "サインイン"),
    "sign_in_as": ("Choose a demo account", "デモ用アカウントを選んでください"),
    "sign_out": ("Sign out", "サインアウト"),
    "unavailable": ("This picture is not available", "この画像は表示できません"),
    "not_found": ("There is nothing here", "ページが見つかりません"),
    "edit": ("Edit", "編集"),
    "report": ("Report this picture", "この画像を通報する"),
    "caption": ("Caption", "キャプション"),
    "file": ("Picture (JPEG, PNG or WebP, at most 8 MB)", "画像(JPEG、PNG、WebP、8MBまで)"),
    "publish": ("Check and publish", "確認して投稿"),
    "prompt": ("What should change?", "どのように編集しますか"),
    "prompt_hint": ("for example: make the sky a sunset", "例:空を夕焼けにする"),
    "make_edit": ("Edit and publish", "編集して投稿"),
    "edited_from": ("edited from", "元の画像"),
    "refused": ("The edit was not made", "編集は行われませんでした"),
    "more": ("What is needed, and why", "必要なこととその理由"),
    "decision": ("Decision", "判定番号"),
    "edit_unreachable": (
        "The edit service does not answer. No picture was made. Please try again later.",
        "編集サービスが応答しません。画像は作成されていません。後でもう一度お試しください。",
    ),
    "upload_known": (
        "This picture cannot be published here. It was not stored.",
        "この画像はここに投稿できません。保存もされていません。",
    ),
    "upload_unchecked": (
        "The picture could not be checked, so it was not published. Please try again later.",
        "画像を確認できなかったため、投稿されませんでした。後でもう一度お試しください。",
    ),
    "upload_bad": (
        "This file is not a JPEG, PNG or WebP picture of at most 8 MB. It was not published.",
        "8MB以下のJPEG、PNG、WebP画像ではないため、投稿されませんでした。",
    ),
    "letters": ("Letters", "お知らせ"),
    "no_letters": ("You have no letters.", "お知らせはありません。"),
    "strikes": ("Strikes", "警告の記録"),
    "no_strikes": ("You have no strikes.", "警告はありません。"),
    "until": ("until", "期限"),
    "withdrawn": ("withdrawn", "取り消し済み"),
    "warning": ("warning", "警告"),
    "cooling_off": ("no generation for a while", "生成の一時停止"),
    "suspension": ("suspension", "利用停止"),
    "ban": ("ban", "永久停止"),
    "appeal": ("Appeal", "異議を申し立てる"),
    "grounds": ("Why should this be decided differently?", "判断が誤っていると考える理由"),
    "appealed": ("You have appealed. Another person decides.", "異議を申し立てました。別の担当者が判断します。"),
    "appeal_failed": (
        "The appeal was not sent. Please try again later.",
        "異議申し立ては送信されませんでした。後でもう一度お試しください。",
    ),
    "appeal_late": ("The time to appeal is over.", "異議申し立ての期限が過ぎています。"),
    "about_picture": ("About picture", "対象の画像"),
}


def word(key: str, language: str) -> str:
    """The sentence ``key`` in ``language`` (``en`` or ``ja``)."""
    return WORDS[key][LANGUAGES.index(language)]


def choose_language(cookie: str, accept: str) -> str:
    """The language that a person chose, else the first one of ``Accept-Language`` that we have, else English."""
    if cookie in LANGUAGES:
        return cookie
    for entry in accept.split(","):
        primary = entry.split(";")[0].strip().lower().split("-")[0]
        if primary in LANGUAGES:
            return primary
    return "en"
