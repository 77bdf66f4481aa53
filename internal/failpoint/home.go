package failpoint

// The places of delegations and of Home, in the order in which a person reaches them who opens
// Home, delegates and revokes the delegation.
const (
	HomeOpened        = "home/stored"     // the opening of Home is committed, not acked yet
	HomeListed        = "home/listed"     // the meaning of its buttons is stored, nothing shown
	HomeShown         = "home/shown"      // Slack has it, not recorded
	DelegationStored  = "delegate/stored" // the delegation is committed, nobody told
	DelegationTold    = "delegate/told"   // its giver has been told, not recorded
	DelegationRevoked = "delegate/ended"  // it is revoked, which Home doesn't show yet
)

// HomeNames returns those places in that order.
func HomeNames() []string {
	return []string{HomeOpened, HomeListed, HomeShown, DelegationStored, DelegationTold, DelegationRevoked}
}
