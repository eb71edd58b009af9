package console

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
)

// mostDevices bounds the devices that the console knows; the page says so when
// there are more.
const mostDevices = 50_000

// directory is all devices, for counting and searching: the device API has only
// pages by status. It is read again when it is old; a large one gets older.
type directory struct {
	mu sync.Mutex // held while it is read: one reader for all that wait
	listing
	took time.Duration
	err  error
}

// listing is all devices by id.
type listing struct {
	devices []Device
	more    bool // than mostDevices
	read    time.Time
}

// fresh is how old a directory may be; one that took long to read may be ten times
// as old as that, so that the console never takes more than a tenth of a processor.
const fresh = time.Second

// all are the devices, as they were not long ago.
func (c *Console) all(ctx context.Context) (listing, error) {
	d := &c.directory
	d.mu.Lock()
	defer d.mu.Unlock()
	if time.Since(d.read) > max(fresh, 10*d.took) {
		began := time.Now()
		d.devices, d.more, d.err = c.readAll(ctx)
		d.read, d.took = time.Now(), time.Since(began)
		if ctx.Err() != nil {
			d.took, d.read = 0, time.Time{} // who asked has gone: that says nothing of the next
		}
	}
	return d.listing, d.err
}

func (c *Console) readAll(ctx context.Context) (devices []Device, more bool, err error) {
	for _, status := range []Status{Online, Offline} {
		part, cut, err := c.list(ctx, status, mostDevices-len(devices))
		if errors.Is(err, errNoAPI) {
			break
		}
		if err != nil {
			return nil, false, err
		}
		devices, more = append(devices, part...), more || cut
	}
	slices.SortFunc(devices, byID)
	// A device that changed its status between the two reads is there twice.
	devices = slices.CompactFunc(devices, func(a, b Device) bool { return a.ID == b.ID })
	unheard, cut, err := c.unheard(ctx, devices, mostDevices-len(devices))
	if err != nil {
		return nil, false, err
	}
	devices = append(devices, unheard...)
	slices.SortFunc(devices, byID)
	return devices, more || cut, nil
}

func byID(a, b Device) int { return cmp.Compare(a.ID, b.ID) }

// unheard are the registry's things that the device API does not know.
func (c *Console) unheard(ctx context.Context, heard []Device, most int) (devices []Device, more bool, err error) {
	pages := iot.NewListThingsPaginator(c.registry, &iot.ListThingsInput{MaxResults: aws.Int32(250)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, false, fmt.Errorf("list things: %w", err)
		}
		for _, thing := range page.Things {
			d := Device{ID: aws.ToString(thing.ThingName), Status: Unheard}
			if _, known := slices.BinarySearchFunc(heard, d, byID); known {
				continue
			}
			if len(devices) == most {
				return devices, true, nil
			}
			devices = append(devices, d)
		}
	}
	return devices, false, nil
}

// counts are devices by status; the empty status is all of them.
func counts(devices []Device) map[Status]int {
	n := map[Status]int{"": len(devices)}
	for _, d := range devices {
		n[d.Status]++
	}
	return n
}

// choose are the devices of a status whose id contains a text, in any case.
func choose(devices []Device, status Status, text string) []Device {
	text = strings.ToLower(text)
	var list []Device
	for _, d := range devices {
		if (status == "" || d.Status == status) && strings.Contains(strings.ToLower(d.ID), text) {
			list = append(list, d)
		}
	}
	return list
}

// registered tells whether the registry knows a thing.
func (c *Console) registered(ctx context.Context, id string) bool {
	_, err := c.registry.DescribeThing(ctx, &iot.DescribeThingInput{ThingName: &id})
	return err == nil
}
