package sim

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"strings"

	"github.com/brianvoe/gofakeit/v7"
)

// Identity is who a device is.
type Identity struct {
	// Thing is the thing's name: the group's name and a number from 1, sensor-00001.
	Thing string
	// Attributes are three, which is what AWS IoT allows a thing without a type:
	// site, model (manufacturer/model@firmware) and serial. Values match
	// [a-zA-Z0-9_.,@/:#-]* and have at most 800 bytes (API reference, AttributePayload).
	Attributes map[string]string
}

// thingName is the n-th thing of a group, from 0.
func thingName(group string, n int) string { return fmt.Sprintf("%s-%05d", group, n+1) }

// Identities are those of all devices, in the fleet's order. An identity follows
// from the seed and the thing's name alone.
func Identities(seed uint64, groups []Group) []Identity {
	var list []Identity
	for _, g := range groups {
		for n := range g.Count {
			list = append(list, identity(seed, thingName(g.Name, n)))
		}
	}
	return list
}

func identity(seed uint64, thing string) Identity {
	h := fnv.New64a()
	_, _ = h.Write([]byte(thing))
	f := gofakeit.NewFaker(rand.NewPCG(seed, h.Sum64()), false)
	maker := slug(f.RandomString([]string{"Acme", "Borealis", "Cobalt", "Dunlin", "Ember"}))
	model := fmt.Sprintf("%s/th%d@%d.%d.%d", maker, 100*f.Number(1, 9), f.Number(1, 4), f.Number(0, 9), f.Number(0, 9))
	return Identity{Thing: thing, Attributes: map[string]string{
		"site":   slug(f.City()) + "/" + slug(f.Street()),
		"model":  model,
		"serial": strings.ToUpper(f.HexUint(48)[2:]),
	}}
}

// slug keeps what an attribute's value may hold; a space becomes a hyphen.
func slug(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', strings.ContainsRune("_.,-", r):
			return r
		case r >= 'A' && r <= 'Z':
			return r - 'A' + 'a'
		case r == ' ':
			return '-'
		}
		return -1
	}, s)
}
