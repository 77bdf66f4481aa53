package cancellation_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"meetingbot/internal/cancellation"
)

// TestBlank fills every text of a request and checks which are left. A new field fails
// here until you decide whether it may identify people.
func TestBlank(t *testing.T) {
	t.Parallel()
	var r cancellation.Request
	fill(reflect.ValueOf(&r).Elem(), "Dtext") // of a channel: a direct message
	r.Blank()
	want := []string{
		"As", "AskAgain", "Batch.Days", "Batch.Items.Date.ID", "Batch.Items.Outcome", "Batch.Items.Part", "Batch.Items.State", "Batch.Items.Why",
		"Batch.LeftOut.Number", "Batch.LeftOut.Why", "Batch.Meetings.ID", "Batch.Meetings.Notifies", "Batch.Meetings.Number",
		"Batch.Meetings.Occurrences.ID", "Batch.Meetings.Rule.Cycle", "Batch.Meetings.Rule.Until", "Batch.Meetings.UUID", "Batch.Owners.By",
		"Batch.Owners.Result", "Card.Locale", "Card.TS", "Card.Way", "Choices.MeetingID", "Choices.Number", "Chosen", "Copies.Locale", "Copies.TS", "Copies.Way", "Delegation", "Drawing.By",
		"Effects.Result", "From", "ID", "Meeting.ID", "Meeting.Notifies", "Meeting.Number", "Meeting.Occurrences.ID", "Meeting.Rule.Cycle", "Meeting.Rule.Until",
		"Meeting.UUID", "Number", "Outcome", "Owner.Result", "Parent", "Reference", "Scope", "State", "Successor", "Supersedes", "Team", "Telling.Result", "Thread",
		"Wanted", "Why",
	}
	got := texts(reflect.ValueOf(r), "")
	slices.Sort(got)
	if diff := cmp.Diff(want, slices.Compact(got)); diff != "" {
		t.Errorf("texts left after Blank() (-want +got)\n%s", diff)
	}
}

// TestBlankKeepsChannels: only direct messages identify a person, and copies of the request
// are not affected.
func TestBlankKeepsChannels(t *testing.T) {
	t.Parallel()
	r := cancellation.Request{
		Channel: "C1", Card: cancellation.Card{Channel: "C1", TS: "1.1"}, Copies: []cancellation.Card{{Channel: "D1", TS: "1.2"}},
		Choices: []cancellation.Choice{{MeetingID: "914087436", Subject: "Weekly"}},
		Effects: map[cancellation.EffectKind]cancellation.Effect{
			cancellation.CardEffect: {Ref: "C1/1.1", Attempts: 1}, cancellation.OwnerEffect: {Ref: "D1/1.2", Attempts: 1},
		},
	}
	before := r
	r.Blank()
	if r.Channel != "C1" || r.Card.Channel != "C1" || r.Effects[cancellation.CardEffect].Ref != "C1/1.1" || r.Effects[cancellation.OwnerEffect].Attempts != 1 {
		t.Errorf("Blank() removed too much: %+v", r)
	}
	if before.Choices[0].Subject != "Weekly" || before.Effects[cancellation.OwnerEffect].Ref != "D1/1.2" || before.Copies[0].Channel != "D1" {
		t.Errorf("Blank() changed a copy of the request: %+v", before)
	}
}

// fill sets every text in v, and gives every list and map one element.
func fill(v reflect.Value, text string) {
	switch v.Kind() { //nolint:exhaustive // the others hold no text
	case reflect.String:
		v.SetString(text)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(v.Field(i), text)
			}
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), text)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), text)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		element := reflect.New(v.Type().Elem()).Elem()
		fill(element, text)
		v.SetMapIndex(reflect.ValueOf("owner").Convert(v.Type().Key()), element)
	}
}

// texts returns the names of the texts in v that are not empty.
func texts(v reflect.Value, name string) (all []string) {
	switch v.Kind() { //nolint:exhaustive // the others hold no text
	case reflect.String:
		if v.String() != "" {
			all = append(all, strings.TrimPrefix(name, "."))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				all = append(all, texts(v.Field(i), fmt.Sprint(name, ".", f.Name))...)
			}
		}
	case reflect.Pointer:
		if !v.IsNil() {
			all = append(all, texts(v.Elem(), name)...)
		}
	case reflect.Slice:
		for i := range v.Len() {
			all = append(all, texts(v.Index(i), name)...)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			all = append(all, texts(v.MapIndex(key), name)...)
		}
	}
	return all
}
