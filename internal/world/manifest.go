package world

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"gopkg.in/yaml.v3"

	"meetingbot/internal/slacksim"
)

// workspace returns the workspace with the app installed as its manifest says. An unreadable
// manifest is a bug in the project, not in a test.
func workspace(o Options) slacksim.Options {
	path := o.Manifest
	if path == "" {
		_, here, _, _ := runtime.Caller(0)
		path = filepath.Join(filepath.Dir(here), "..", "..", "manifest.yml")
	}
	opts := slacksim.Options{Scopes: o.Scopes, StrictToken: !o.OtherBots}
	if err := readManifest(path, &opts); err != nil {
		panic(fmt.Sprintf("world: %v", err))
	}
	return opts
}

func readManifest(path string, opts *slacksim.Options) error {
	text, err := os.ReadFile(path) // the project's own file
	if err != nil {
		return err
	}
	var tree map[string]any
	if err := yaml.Unmarshal(text, &tree); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	data, err := json.Marshal(tree)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return opts.ReadManifest(data)
}
