package config

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"strings"
)

// certificateProblem says what is wrong with certificates in PEM, or returns "". The
// standard library skips a block it can't read; we insist on all of them, because the
// one it skips is the one you need.
func certificateProblem(text string) string {
	n := 0
	block, rest := pem.Decode([]byte(text))
	for ; block != nil; block, rest = pem.Decode(rest) {
		switch {
		case strings.HasSuffix(block.Type, "PRIVATE KEY"):
			return "contains a private key; only certificates belong there"
		case block.Type != "CERTIFICATE":
			continue
		}
		n++
		if _, err := x509.ParseCertificate(block.Bytes); err != nil {
			return fmt.Sprintf("contains a certificate that can't be read: number %d", n)
		}
	}
	switch {
	case text != "" && n == 0:
		return "contains no certificate in PEM form"
	case strings.Count(text, "-----BEGIN ") > n && strings.Contains(string(rest), "-----BEGIN "):
		return fmt.Sprintf("ends in the middle of certificate number %d", n+1)
	}
	return ""
}
