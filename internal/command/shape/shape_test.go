package shape

import "testing"

func TestShapes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		shape func([]rune, int) int
		text  string
		want  int
	}{
		{"run", Run, "914", 3},
		{"run", Run, "914a", 3},
		{"run", Run, "a914", 0},
		{"run", Run, "", 0},
		{"clock", Clock, "9:05", 4},
		{"clock", Clock, "10:00-11:30", 5},
		{"clock", Clock, "10:00:30 ", 8},
		{"clock", Clock, "10:0", 0},
		{"clock", Clock, "100:00", 0},
		{"clock", Clock, "10", 0},
		{"date", Date, "2026-12-01", 10},
		{"date", Date, "2026/1/2 10:00", 8},
		{"date", Date, "01.12.2026", 10},
		{"date", Date, "2026年12月1日 10:00", 10},
		{"date", Date, "2026年12月1", 0},
		{"date", Date, "2026年123月1日", 0},
		{"date", Date, "20261年12月1日", 0},
		{"date", Date, "2026-12/01", 0},
		{"date", Date, "2026-12", 0},
		{"date", Date, "2026-12-001", 0},
		{"date", Date, "914-087-436", 0},
		{"date", Date, "32.12.2026", 0},
		{"date", Date, "1899-12-01", 10},
		{"date", Date, "2200-12-01", 10},
		{"date", Date, "9999-12-31", 10},
		{"date", Date, "9140-87-43", 0},
		{"date", Date, "9140-08-7", 0},
		{"address", Address, "122.112.208.40:443", 14},
		{"address", Address, "122.112.208", 0},
		{"address", Address, "122.112.208.400", 0},
		{"address", Address, "914.087.436.1", 0},
	} {
		if got := tt.shape([]rune(tt.text), 0); got != tt.want {
			t.Errorf("%s(%q) = %d, want %d", tt.name, tt.text, got, tt.want)
		}
	}
}

func TestTelephoneAndTimestamp(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		digits               string
		Telephone, Timestamp bool
	}{
		{"914087436", false, false},
		{"075536881234", true, false},
		{"13812345678", true, false},
		{"12812345678", false, false},
		{"138123456789", false, false},
		{"202612011000", false, true},
		{"202613011000", false, false},
		{"202612011060", false, false},
		{"212612011000", false, false},
	} {
		if got := Telephone(tt.digits); got != tt.Telephone {
			t.Errorf("Telephone(%s) = %v, want %v", tt.digits, got, tt.Telephone)
		}
		if got := Timestamp(tt.digits); got != tt.Timestamp {
			t.Errorf("Timestamp(%s) = %v, want %v", tt.digits, got, tt.Timestamp)
		}
	}
}
