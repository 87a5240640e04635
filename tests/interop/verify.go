// Verify checks an exported record with the public Go packages sumdb/note and sumdb/tlog, unmodified.
//
//	go run verify.go DIR
//
// It shares no line with the program that wrote the record. What is ours here is only what those packages leave to
// their callers: the policy file, the cosignature type (0x04), and where the files of a bundle lie.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

func must(err error) {
	if err != nil {
		fail("%v", err)
	}
}

func fail(format string, words ...interface{}) {
	fmt.Fprintf(os.Stderr, format+"\n", words...)
	os.Exit(1)
}

// A cosigner verifies timestamped Ed25519 cosignatures, which sumdb/note leaves to its callers.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (c cosigner) Name() string    { return c.name }
func (c cosigner) KeyHash() uint32 { return c.hash }
func (c cosigner) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	at := binary.BigEndian.Uint64(sig)
	signed := fmt.Sprintf("cosignature/v1\ntime %d\n%s", at, msg)
	return ed25519.Verify(c.key, []byte(signed), sig[8:])
}

func newCosigner(vkey string) cosigner {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		fail("no verifier key: %s", vkey)
	}
	typed, err := base64.StdEncoding.DecodeString(parts[2])
	must(err)
	if len(typed) != 33 || typed[0] != 4 {
		fail("no key of a witness: %s", vkey)
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), typed...))
	hash := binary.BigEndian.Uint32(sum[:])
	if fmt.Sprintf("%08x", hash) != parts[1] {
		fail("the key id is another key's: %s", vkey)
	}
	return cosigner{parts[0], hash, ed25519.PublicKey(typed[1:])}
}

type group struct {
	name    string
	least   int
	members []string
}

type policy struct {
	keys   []note.Verifier
	named  map[string]string // key name -> name in the policy
	groups []group
	quorum string
}

func readPolicy(data []byte) policy {
	p := policy{named: map[string]string{}}
	for _, line := range strings.Split(string(data), "\n") {
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		switch words[0] {
		case "log":
			key, err := note.NewVerifier(words[1])
			must(err)
			p.keys = append(p.keys, key)
		case "witness":
			key := newCosigner(words[2])
			p.keys = append(p.keys, key)
			p.named[key.name] = words[1]
		case "group":
			members := words[3:]
			least := map[string]int{"all": len(members), "any": 1}[words[2]]
			if least == 0 {
				least, _ = strconv.Atoi(words[2])
			}
			p.groups = append(p.groups, group{words[1], least, members})
		case "quorum":
			p.quorum = words[1]
		default:
			fail("no line of a policy: %s", line)
		}
	}
	return p
}

func (p policy) met(sigs []note.Signature) bool {
	standing := map[string]bool{"none": true}
	for _, sig := range sigs {
		standing[p.named[sig.Name]] = true
	}
	for _, g := range p.groups {
		n := 0
		for _, member := range g.members {
			if standing[member] {
				n++
			}
		}
		standing[g.name] = n >= g.least
	}
	return standing[p.quorum]
}

func numbered(n int64, width int) string {
	path := fmt.Sprintf("%03d", n%1000)
	for n >= 1000 {
		n /= 1000
		path = fmt.Sprintf("x%03d/%s", n%1000, path)
	}
	if width < 1<<height {
		path += fmt.Sprintf(".p/%d", width)
	}
	return path
}

type hashes []tlog.Hash

func (h hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index >= int64(len(h)) {
			return nil, fmt.Errorf("no hash %d", index)
		}
		out[i] = h[index]
	}
	return out, nil
}

func readEntries(dir string, size int64) [][]byte {
	var entries [][]byte
	for n := int64(0); n*256 < size; n++ {
		width := int(size - n*256)
		if width > 256 {
			width = 256
		}
		data, err := os.ReadFile(filepath.Join(dir, "tile", "entries", numbered(n, width)))
		must(err)
		for len(data) > 0 {
			length := int(binary.BigEndian.Uint16(data))
			if len(data) < 2+length {
				fail("entry bundle %d is cut short", n)
			}
			entries = append(entries, data[2:2+length])
			data = data[2+length:]
		}
	}
	if int64(len(entries)) != size {
		fail("%d entries, the checkpoint says %d", len(entries), size)
	}
	return entries
}

// founders returns the keys that the first entry names: authors may sign entries too.
func founders(dir string, entry []byte) []note.Verifier {
	lines := strings.Split(string(entry), "\n")
	sum, err := base64.StdEncoding.DecodeString(strings.Fields(lines[3])[0])
	must(err)
	name := fmt.Sprintf("%x", sum)
	data, err := os.ReadFile(filepath.Join(dir, "payloads", name[:2], name))
	must(err)
	if sha256.Sum256(data) != [32]byte(tlogHash(sum)) {
		fail("the first payload is not the one that its entry names")
	}
	var payload struct {
		Body struct {
			Keys []struct{ Vkey string }
		}
	}
	must(json.Unmarshal(data, &payload))
	var keys []note.Verifier
	for _, item := range payload.Body.Keys {
		key, err := note.NewVerifier(item.Vkey)
		must(err)
		keys = append(keys, key)
	}
	return keys
}

func tlogHash(sum []byte) (h tlog.Hash) {
	copy(h[:], sum)
	return h
}

func main() {
	dir := os.Args[1]
	text, err := os.ReadFile(filepath.Join(dir, "policy"))
	must(err)
	trust := readPolicy(text)
	signed, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	must(err)
	head, err := note.Open(signed, note.VerifierList(trust.keys...))
	must(err)
	if !trust.met(head.Sigs) {
		fail("the policy wants more cosignatures")
	}
	lines := strings.Split(head.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root, err := tlog.ParseHash(lines[2])
	must(err)

	entries := readEntries(dir, size)
	authors := append(append([]note.Verifier{}, trust.keys...), founders(dir, entries[0])...)
	var stored hashes
	for i, entry := range entries {
		if _, err := note.Open(entry, note.VerifierList(authors...)); err != nil {
			fail("entry %d: %v", i, err)
		}
		more, err := tlog.StoredHashes(int64(i), entry, stored)
		must(err)
		stored = append(stored, more...)
	}
	made, err := tlog.TreeHash(size, stored)
	must(err)
	if made != root {
		fail("the entries do not hash to the checkpoint's root")
	}
	for i := range entries {
		proof, err := tlog.ProveRecord(size, int64(i), stored)
		must(err)
		must(tlog.CheckRecord(proof, size, root, int64(i), tlog.RecordHash(entries[i])))
	}
	older, err := tlog.TreeHash((size+1)/2, stored)
	must(err)
	proof, err := tlog.ProveTree(size, (size+1)/2, stored)
	must(err)
	must(tlog.CheckTree(proof, size, root, (size+1)/2, older))
	for _, tile := range tlog.NewTiles(height, 0, size) {
		want, err := tlog.ReadTileData(tile, stored)
		must(err)
		path := filepath.Join(dir, "tile", strconv.Itoa(tile.L), numbered(tile.N, tile.W))
		if _, err := os.Stat(path); os.IsNotExist(err) {
			continue // Go lists the partial tiles of every size on the way; a bundle holds those of its own size.
		}
		data, err := os.ReadFile(path)
		must(err)
		if !bytes.Equal(data, want) {
			fail("%s is not the hash of what lies below it", path)
		}
	}
	fmt.Printf("%s: %d entries, %d signatures on the checkpoint, root %v\n", lines[0], size, len(head.Sigs), root)
}
