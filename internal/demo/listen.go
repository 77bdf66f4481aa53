package demo

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strconv"
)

// ports is how many ports to try, starting with the requested one.
const ports = 50

// parseAddress parses the page's address. It must be loopback, because the page obeys
// anyone who can reach it.
func parseAddress(address string) (netip.AddrPort, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return netip.AddrPort{}, fmt.Errorf("-addr %q is not an address and a port, such as 127.0.0.1:8080", address)
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return netip.AddrPort{}, fmt.Errorf("-addr %q: %q is not a port; write an address and a port, such as 127.0.0.1:8080", address, port)
	}
	if host == "localhost" {
		host = "127.0.0.1"
	}
	ip, err := netip.ParseAddr(host)
	if err != nil || !ip.IsLoopback() {
		return netip.AddrPort{}, fmt.Errorf("-addr %q is not a loopback address, such as 127.0.0.1:8080: other machines must not reach the page", address)
	}
	return netip.AddrPortFrom(ip, uint16(number)), nil
}

// listen listens on the page's address, or on the next free port, or on any port: Windows
// reserves ports by the hundred.
func listen(ctx context.Context, address netip.AddrPort) (net.Listener, error) {
	var config net.ListenConfig
	first := int(address.Port())
	for n := first; n < first+ports && n < 1<<16; n++ {
		l, err := config.Listen(ctx, "tcp", net.JoinHostPort(address.Addr().String(), strconv.Itoa(n)))
		if err == nil || !isTaken(err) {
			return l, err
		}
	}
	return config.Listen(ctx, "tcp", net.JoinHostPort(address.Addr().String(), "0"))
}
