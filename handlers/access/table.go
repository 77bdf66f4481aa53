package access

// A Verb is something a person can do. The zero Verb is none.
type Verb int

// The verbs.
const (
	Ask        Verb = iota + 1 // ask for a meeting's card
	Confirm                    // press the button that cancels or ends
	Keep                       // close the question and keep the meeting
	Undo                       // undo a confirmation, or stop one that is waiting
	Reason                     // give a reason on the card
	CheckAgain                 // check an unknown outcome again
	Look                       // list, history, the picker
	Delegating                 // delegate to another person
	Home                       // see your Home
	Mute                       // stop this person from asking you
	Tick                       // tick boxes, which are kept when a card is redrawn
	ListFor                    // look up another person's meetings
)

// A Right is why a person may do something.
type Right int

// The rights, from weakest to strongest. Nobody is the zero Right.
const (
	Nobody    Right = iota
	Member          // a full member of this workspace, in a channel where the command works
	Asker           // asked
	Presser         // confirmed
	Addressee       // the owner to whom the question was addressed
	Delegate        // the meeting's owner has delegated to them
	Owner           // owns the meeting
	Listed          // on a list of those who may cancel any meeting
)

// Rules narrow a right for one verb.
type Rules struct {
	Allowed      bool
	LeadTime     bool // not within LEAD_TIME before the start of what would be cancelled
	SecondPerson bool // not the asker, if SECOND_PERSON requires another person
}

// table says who may do what. Anything not in it is refused.
var table = map[Verb]map[Right]Rules{
	Ask: {
		Delegate: {Allowed: true, LeadTime: true},
		Owner:    {Allowed: true, LeadTime: true},
		Listed:   {Allowed: true},
	},
	Confirm: {
		Delegate: {Allowed: true, LeadTime: true, SecondPerson: true},
		Owner:    {Allowed: true, LeadTime: true, SecondPerson: true},
		Listed:   {Allowed: true, SecondPerson: true},
	},
	Keep:       {Asker: allowed, Delegate: allowed, Owner: allowed, Listed: allowed},
	Undo:       {Asker: allowed, Presser: allowed, Delegate: allowed, Owner: allowed, Listed: allowed},
	Reason:     {Asker: allowed, Delegate: allowed, Owner: allowed, Listed: allowed},
	CheckAgain: {Member: allowed},
	Look:       {Member: allowed},
	Delegating: {Member: allowed}, // your own meetings only; the other rights can't be delegated
	Home:       {Member: allowed},
	Mute:       {Addressee: allowed},
	ListFor:    {Delegate: allowed, Owner: allowed, Listed: allowed}, // --of
	Tick:       {Asker: allowed, Delegate: allowed, Owner: allowed, Listed: allowed},
}

var allowed = Rules{Allowed: true}

// needsAuthority reports whether some people may use a verb only by a right that has to be
// looked up.
func needsAuthority(v Verb) bool {
	return table[v][Delegate].Allowed || table[v][Owner].Allowed || table[v][Listed].Allowed
}

// worksAnywhere reports whether a verb works outside ALLOW_CHANNELS too: a meeting can be kept
// wherever its card is.
func worksAnywhere(v Verb) bool { return v == Keep || v == Undo }
