from crypto.draws import rfc3797


def test_the_worked_example_of_section_6_comes_out():
    key = rfc3797.key_of([[9319], [2, 5, 12, 8, 10], [9, 18, 26, 34, 41, 45]])
    assert key == "9319./2.5.8.10.12./9.18.26.34.41.45./"
    assert rfc3797.select(key, pool=25, count=10) == [17, 7, 2, 16, 25, 23, 8, 24, 19, 13]
