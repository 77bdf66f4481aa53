package wire

import (
	"net/http"
	"testing"
	"time"
)

// TestRetryAfter: a date is by the service's clock, which may differ from ours.
func TestRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	date := func(d time.Duration) string { return now.Add(d).Format(http.TimeFormat) }
	for _, tt := range []struct {
		after, date string
		want        time.Duration
	}{
		{"7", "", 7 * time.Second},
		{"", "", 0},
		{date(30 * time.Second), "", 30 * time.Second},
		{date(30 * time.Second), "yesterday", 30 * time.Second},
		{date(30 * time.Second), date(0), 30 * time.Second},
		{date(5*time.Minute + 30*time.Second), date(5 * time.Minute), 30 * time.Second},
		{date(-5*time.Minute + 30*time.Second), date(-5 * time.Minute), 30 * time.Second},
		{date(-time.Second), date(0), 0},
	} {
		a := Answer{Header: http.Header{"Retry-After": {tt.after}, "Date": {tt.date}}}
		if got := a.RetryAfter(now); got != tt.want {
			t.Errorf("Retry-After %q, Date %q, at %s = %v, want %v", tt.after, tt.date, now.Format(http.TimeFormat), got, tt.want)
		}
	}
}

func TestRefusal(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]Refusal{
		`{"error_code":"MMC.111070005","error_msg":"CONF_DATA_NOT_FOUND"}`:     {Code: "MMC.111070005", Name: "CONF_DATA_NOT_FOUND", JSON: true},
		`{"errorCode":111070005,"errorMsg":"CONF_DATA_NOT_FOUND"}`:             {Code: "111070005", Name: "CONF_DATA_NOT_FOUND", JSON: true},
		`{"returnCode":7,"returnDesc":"NO"}`:                                   {Code: "7", Name: "NO", JSON: true},
		`{"returnCode":0,"returnDesc":"SUCCESS"}`:                              {Name: "SUCCESS", JSON: true},
		`{"error_code":"0","errorCode":"APIG.0308","request_id":"r-1"}`:        {Code: "APIG.0308", RequestID: "r-1", JSON: true},
		`{"error_code":"APIG.0101","request_id":"<a href=https://x.example>"}`: {Code: "APIG.0101", JSON: true},
		`{}`:                               {JSON: true},
		`[]`:                               {},
		`<html>`:                           {},
		``:                                 {},
		`{"error_code":"MMC.1110`:          {},
		`{"error_code":{},"error_msg":[]}`: {JSON: true},
	} {
		if got := (Answer{Body: []byte(body)}).Refusal(); got != want {
			t.Errorf("Refusal of %q = %+v, want %+v", body, got, want)
		}
	}
	code, name := Refusal{Code: "MMC.1; DROP", Name: "the token is cnr…"}.Quotable()
	if code != "" || name != "" {
		t.Errorf("Quotable() = %q, %q, want nothing of unknown shape", code, name)
	}
}
