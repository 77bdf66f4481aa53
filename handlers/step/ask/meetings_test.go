package ask

import (
	"context"
	"testing"

	"meetingbot/bot"
	"meetingbot/handlers/access"
	"meetingbot/handlers/step"
	"meetingbot/internal/sqlitetest"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// An office is a service with one person who has two accounts, each owning one meeting.
type office struct {
	step.Meetings
	access.Directory
	access.People

	broken map[string]error // by account, or "users"
	denied bool             // the login may not filter by user
}

func (o office) Member(_ context.Context, account string) (meetingapi.User, error) {
	return meetingapi.User{UUID: account}, nil
}

func (o office) UserByEmail(context.Context, string) (meetingapi.User, error) {
	return meetingapi.User{}, &meetingapi.Error{Class: meetingapi.ClassNotFound}
}

func owned(account string) meetingapi.Meeting {
	return meetingapi.Meeting{ID: meetingapi.ID("of-" + account), Owner: meetingapi.Owner{UUID: account}, Kind: meetingapi.KindSingle}
}

func (o office) Upcoming(_ context.Context, l meetingapi.ListOptions) (meetingapi.List, error) {
	switch {
	case l.User == "":
		return meetingapi.List{Meetings: []meetingapi.Meeting{owned("first"), owned("second")}}, nil
	case o.denied:
		return meetingapi.List{}, &meetingapi.Error{Class: meetingapi.ClassDenied}
	case o.broken[l.User] != nil:
		return meetingapi.List{}, o.broken[l.User]
	}
	return meetingapi.List{Meetings: []meetingapi.Meeting{owned(l.User)}}, nil
}

func (o office) Running(context.Context, meetingapi.ListOptions) (meetingapi.List, error) {
	return meetingapi.List{}, nil
}

func (o office) Users(context.Context, []string) (map[string]meetingapi.User, error) {
	found := map[string]meetingapi.User{"first": {UUID: "first", Account: "first"}}
	if o.broken["users"] == nil {
		found["second"] = meetingapi.User{UUID: "second", Account: "second"}
	}
	return found, o.broken["users"]
}

// TestOwnedBy checks that the meetings that could be read are returned, marked as partial.
func TestOwnedBy(t *testing.T) {
	t.Parallel()
	down := error(&meetingapi.Error{Class: meetingapi.ClassUnavailable})
	db, err := store.Open(t.Context(), sqlitetest.URL(t), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	for _, tt := range []struct {
		name    string
		office  office
		want    int
		partial bool
		err     error
	}{
		{"all well", office{}, 2, false, nil},
		{"one account's list fails", office{broken: map[string]error{"first": down}}, 1, true, nil},
		{"both fail", office{broken: map[string]error{"first": down, "second": down}}, 0, false, down},
		{"an ordinary login", office{denied: true}, 2, false, nil},
		{"an ordinary login, and some owners", office{denied: true, broken: map[string]error{"users": down}}, 2, true, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := &step.Deps{
				Meetings: tt.office, Store: db,
				Owners: access.NewOwners(tt.office, tt.office, map[string]string{"first": "ana@example.com", "second": "ana@example.com"}),
			}
			all, partial, err := OwnedBy(t.Context(), d, bot.Person{ID: "U0ANA", Email: "ana@example.com"})
			if len(all) != tt.want || partial != tt.partial || meetingapi.ClassOf(err) != meetingapi.ClassOf(tt.err) {
				t.Errorf("OwnedBy() = %d meetings, partial %t, %v; want %d, %t, %v", len(all), partial, err, tt.want, tt.partial, tt.err)
			}
		})
	}
}
