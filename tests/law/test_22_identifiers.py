"""Hard stop 22: the codes of organisations, residents and deals, by their published examples."""

from datetime import date

from bidding.party.identifiers import deal_code_check, id_number_fault, uscc_fault

TODAY = date(2026, 11, 23)

USCC_GOOD = [
    "91330100799655058B", "9144030071526726XG", "91110000802100433B", "914403001922038216",
    "91110108551385082Q", "91310000775785552L", "91350100M000100Y43", "12330703MB1234567M",
    "91330703MA2ABCDE14", "N2330703MF0000011L", "54330703ME9876543H",
]  # fmt: skip
USCC_BAD = [
    "91330100799655058C", "9133010079965505B", "91330100799655058b", "9133O100799655058B",
    "9133I100799655058B", "9133S100799655058B", "9133V100799655058B", "9133Z100799655058B",
]  # fmt: skip
ID_GOOD = [
    "11010519491231002X", "440524188001010014", "330703199003070018", "330703197511304520",
    "330703200002290030",
]  # fmt: skip
ID_BAD = ["330703199003070010", "33070319900307001", "11010519491231002x", "330703199902290030"]
DEALS = {
    "A0112330703MB0000000X20260115000001": "D",
    "A0191330100799655058B20260115000001": "O",
    "12330703000000000X20260115000001": "B",
}


def test_hard_stop_22_codes_of_organisations_residents_and_deals():
    assert [code for code in USCC_GOOD if uscc_fault(code)] == []
    assert [code for code in USCC_BAD if not uscc_fault(code)] == []
    assert [number for number in ID_GOOD if id_number_fault(number, today=TODAY)] == []
    assert [number for number in ID_BAD if not id_number_fault(number, today=TODAY)] == []
    assert {body: deal_code_check(body) for body in DEALS} == DEALS
