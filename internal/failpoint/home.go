package failpoint

// The places of delegations and of Home, in the order in which a person who opens
// Home, delegates and revokes passes them.
const (
	HomeOpened = "home/stored"     // that Home was opened is committed; not acked yet
	HomeListed = "home/listed"     // what its buttons mean is stored; nothing is shown
	HomeShown  = "home/shown"      // Slack has it; not recorded
	LetStored  = "delegate/stored" // the delegation is committed; nobody has been told
	LetTold    = "delegate/told"   // its giver has been told; not recorded
	LetEnded   = "delegate/ended"  // it is revoked; Home does not show it yet
)

// HomeNames returns those places in that order.
func HomeNames() []string {
	return []string{HomeOpened, HomeListed, HomeShown, LetStored, LetTold, LetEnded}
}
