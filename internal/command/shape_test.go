package command

import "testing"

func TestShapes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		shape func([]rune, int) int
		text  string
		want  int
	}{
		{"run", run, "914", 3},
		{"run", run, "914a", 3},
		{"run", run, "a914", 0},
		{"run", run, "", 0},
		{"clock", clock, "9:05", 4},
		{"clock", clock, "10:00-11:30", 5},
		{"clock", clock, "10:00:30 ", 8},
		{"clock", clock, "10:0", 0},
		{"clock", clock, "100:00", 0},
		{"clock", clock, "10", 0},
		{"date", date, "2026-12-01", 10},
		{"date", date, "2026/1/2 10:00", 8},
		{"date", date, "01.12.2026", 10},
		{"date", date, "2026-12/01", 0},
		{"date", date, "2026-12", 0},
		{"date", date, "2026-12-001", 0},
		{"date", date, "914-087-436", 0},
		{"date", date, "32.12.2026", 0},
		{"date", date, "1899-12-01", 0},
		{"date", date, "2200-12-01", 0},
		{"address", address, "122.112.208.40:443", 14},
		{"address", address, "122.112.208", 0},
		{"address", address, "122.112.208.400", 0},
		{"address", address, "914.087.436.1", 0},
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
		telephone, timestamp bool
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
		if got := telephone(tt.digits); got != tt.telephone {
			t.Errorf("telephone(%s) = %v, want %v", tt.digits, got, tt.telephone)
		}
		if got := timestamp(tt.digits); got != tt.timestamp {
			t.Errorf("timestamp(%s) = %v, want %v", tt.digits, got, tt.timestamp)
		}
	}
}
