"""Languages by script and small words; unsure is an answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.text.language import language_of


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("en", "The bridge was closed in 2019, but it was opened again by the county."),
        ("de", "Die Brücke wurde nicht geschlossen, und der Kreis hat sie bezahlt."),
        ("fr", "Le pont est fermé depuis un an et la ville ne veut pas payer pour les travaux."),
        ("es", "El puente se cerró en mayo y no hay dinero para los trabajos de la ciudad."),
        ("ru", "Мост закрыли в мае, и у города нет денег на работы, как он сказал."),
        ("uk", "Міст закрили у травні, і місто не має грошей на роботи, але це не так."),
        ("ar", "تم إغلاق الجسر في مايو من هذا العام على أن يفتح في الصيف"),
        ("hi", "पुल को मई में बंद कर दिया गया और शहर के पास पैसे नहीं हैं।"),
        ("zh", "这座桥在五月关闭，城市没有钱。"),
        ("ja", "この橋は五月に閉鎖されました。"),
        ("el", "Η γέφυρα έκλεισε τον Μάιο."),
        ("und", "12 34 !"),
        ("und", ""),
        ("und", "Xqz vbn"),
    ],
)
def test_the_language_of_a_text_is_told(tag, text):
    assert language_of(text) == tag


@given(st.text(max_size=100))
def test_the_same_text_has_the_same_language_each_time(text):
    assert language_of(text) == language_of(text)
