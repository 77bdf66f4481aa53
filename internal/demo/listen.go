package demo

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"syscall"
)

// ports is how many ports are tried, from the wanted one on.
const ports = 50

// listen opens the page's address, or the same address at the next port that is
// free. Only loopback will do: the page does what it is told by whoever asks.
func listen(ctx context.Context, address string) (net.Listener, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("-addr: %w", err)
	}
	first, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return nil, fmt.Errorf("-addr: %q is no port", port)
	}
	if host == "localhost" {
		host = "127.0.0.1"
	}
	if ip, err := netip.ParseAddr(host); err != nil || !ip.IsLoopback() {
		return nil, fmt.Errorf("-addr: %q is not on loopback, and the page must not be reached from elsewhere; for example 127.0.0.1:8080", host)
	}
	var config net.ListenConfig
	for n := int(first); n < int(first)+ports && n < 1<<16; n++ {
		l, err := config.Listen(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(n)))
		if err == nil || !errors.Is(err, syscall.EADDRINUSE) {
			return l, err
		}
	}
	return nil, fmt.Errorf("-addr: %d ports from %s on are all taken", ports, address)
}
