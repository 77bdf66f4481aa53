// Package shape recognises characters and digits by their looks alone: which character
// one is read as, and what a run of digits resembles. It knows nothing of meeting numbers.
package shape

// These functions return the length of the match at i, or 0.

// Run returns the length of the digits at i.
func Run(r []rune, i int) int {
	n := i
	for n < len(r) && IsDigit(r[n]) {
		n++
	}
	return n - i
}

// Clock matches 9:05, 10:00 and 10:00:30.
func Clock(r []rune, i int) int {
	n := Run(r, i)
	if n == 0 || n > 2 {
		return 0
	}
	length := 0
	for end := i + n; end < len(r) && r[end] == ':' && Run(r, end+1) == 2; end += 3 {
		length = end + 3 - i
	}
	return length
}

// Date matches 2026-12-01, 2026/12/1, 01.12.2026 and 2026年12月1日. In an unlikely year, as in
// 9999-12-31, the month and the day must be plausible, or the digits may be a number's.
func Date(r []rune, i int) int {
	if n := chineseDate(r, i); n > 0 {
		return n
	}
	first := Run(r, i)
	end := i + first
	if first == 0 || end >= len(r) || r[end] != '-' && r[end] != '/' && r[end] != '.' {
		return 0
	}
	second := Run(r, end+1)
	mid := end + 1 + second
	if second == 0 || second > 2 || mid >= len(r) || r[mid] != r[end] {
		return 0
	}
	third := Run(r, mid+1)
	likely := atMost(r[i:end], 2199) && !atMost(r[i:end], 1899)
	written := second == 2 && atMost(r[end+1:mid], 12) && third == 2 && atMost(r[mid+1:mid+3], 31)
	yearFirst := first == 4 && (third == 1 || third == 2) && (likely || written)
	yearLast := first <= 2 && third == 4 && atMost(r[i:end], 31) && atMost(r[end+1:mid], 31)
	if !yearFirst && !yearLast {
		return 0
	}
	return mid + 1 + third - i
}

// chineseDate matches 2026年12月1日, which is also how Slack shows dates to Chinese readers.
func chineseDate(r []rune, i int) int {
	at := i
	for n, unit := range "年月日" {
		digits := Run(r, at)
		if digits == 0 || digits > 4 || n > 0 && digits > 2 || at+digits >= len(r) || r[at+digits] != unit {
			return 0
		}
		at += digits + 1
	}
	return at - i
}

// Address matches an IPv4 address.
func Address(r []rune, i int) int {
	at := i
	for part := range 4 {
		if part > 0 {
			if at >= len(r) || r[at] != '.' {
				return 0
			}
			at++
		}
		n := Run(r, at)
		if n == 0 || n > 3 || !atMost(r[at:at+n], 255) {
			return 0
		}
		at += n
	}
	return at - i
}

// atMost reports whether a few digits, as a number, are at most limit.
func atMost(digits []rune, limit int) bool {
	value := 0
	for _, d := range digits {
		value = value*10 + int(d-'0')
	}
	return value <= limit
}

// Telephone reports whether digits look like a telephone number: they have an
// international or trunk prefix, or are a Chinese mobile number.
func Telephone(digits string) bool {
	return digits[0] == '0' || len(digits) == 11 && digits[0] == '1' && digits[1] >= '3'
}

// Timestamp reports whether digits are a year, month, day, hour and minute, 12 in all.
func Timestamp(digits string) bool {
	return len(digits) == 12 && (digits[:2] == "19" || digits[:2] == "20") &&
		digits[4:6] >= "01" && digits[4:6] <= "12" && digits[6:8] >= "01" && digits[6:8] <= "31" &&
		digits[8:10] <= "23" && digits[10:] <= "59"
}

// Word returns the length of word if r starts with it as a whole word, or 0.
func Word(r []rune, word string) int {
	n := 0
	for _, w := range word {
		if n >= len(r) || r[n] != w {
			return 0
		}
		n++
	}
	if n < len(r) && IsLetter(r[n]) && IsLetter(r[n-1]) {
		return 0
	}
	return n
}
