package iotcore

import (
	"context"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// shadowRoutes are the shadow operations of the data plane.
func (c *Core) shadowRoutes() []wire.Route {
	return []wire.Route{
		{Name: "GetThingShadow", Method: "GET", Path: "/things/{thingName}/shadow", Op: wire.Op(c.getShadow)},
		{Name: "UpdateThingShadow", Method: "POST", Path: "/things/{thingName}/shadow", Op: wire.Op(c.updateShadow)},
		{Name: "DeleteThingShadow", Method: "DELETE", Path: "/things/{thingName}/shadow", Op: wire.Op(c.deleteShadow)},
		{Name: "ListNamedShadowsForThing", Method: "GET", Path: "/api/things/shadow/ListNamedShadowsForThing/{thingName}", Op: wire.Op(c.listShadows)},
	}
}

type shadowInput struct {
	ThingName  string `json:"-" path:"thingName"`
	ShadowName string `json:"-" query:"name"`
}

type updateShadowInput struct {
	ThingName  string `json:"-" path:"thingName"`
	ShadowName string `json:"-" query:"name"`
	Payload    []byte `json:"-" payload:"body"`
}

func (c *Core) getShadow(ctx context.Context, in *shadowInput) (*wire.Raw, error) {
	if err := permitShadow(ctx, "iot:GetThingShadow", in.ThingName, in.ShadowName); err != nil {
		return nil, err
	}
	document, err := c.shadows.Get(in.ThingName, in.ShadowName)
	c.logShadowCall("GetThingShadow", in.ThingName, in.ShadowName, err)
	return asJSON(document, err)
}

// updateShadow tells subscribers of delta and documents; accepted is the answer alone.
// https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-data-flow.html
func (c *Core) updateShadow(ctx context.Context, in *updateShadowInput) (*wire.Raw, error) {
	if err := permitShadow(ctx, "iot:UpdateThingShadow", in.ThingName, in.ShadowName); err != nil {
		return nil, err
	}
	change, err := c.shadows.Update(in.ThingName, in.ShadowName, in.Payload)
	c.logShadowCall("UpdateThingShadow", in.ThingName, in.ShadowName, err)
	if err != nil {
		return nil, err
	}
	c.announceShadow(ctx.Done(), change.Messages(in.ThingName, in.ShadowName))
	return asJSON(change.Accepted, nil)
}

func (c *Core) deleteShadow(ctx context.Context, in *shadowInput) (*wire.Raw, error) {
	if err := permitShadow(ctx, "iot:DeleteThingShadow", in.ThingName, in.ShadowName); err != nil {
		return nil, err
	}
	document, err := c.shadows.Delete(in.ThingName, in.ShadowName)
	c.logShadowCall("DeleteThingShadow", in.ThingName, in.ShadowName, err)
	return asJSON(document, err)
}

func asJSON(body []byte, err error) (*wire.Raw, error) {
	return &wire.Raw{ContentType: "application/json", Body: body}, err
}

// Shadow is the document of a thing's shadow, the classic one when name is empty:
// Core is the ShadowSource of get_thing_shadow where Targets has no other.
func (c *Core) Shadow(_ context.Context, thing, name string) ([]byte, error) {
	return c.shadows.Get(thing, name)
}

type listShadowsInput struct {
	ThingName string `json:"-" path:"thingName"`
	PageSize  int    `json:"-" query:"pageSize"`
	NextToken string `json:"-" query:"nextToken"`
}

type listShadowsOutput struct {
	Results   []string `json:"results"`
	NextToken string   `json:"nextToken,omitempty"`
	Timestamp int64    `json:"timestamp"`
}

func (c *Core) listShadows(ctx context.Context, in *listShadowsInput) (*listShadowsOutput, error) {
	if err := permitShadow(ctx, "iot:ListNamedShadowsForThing", in.ThingName, ""); err != nil {
		return nil, err
	}
	names, next, err := registry.Page(c.shadows.Names(in.ThingName), in.PageSize, in.NextToken)
	if err != nil {
		return nil, err
	}
	return &listShadowsOutput{Results: append([]string{}, names...), NextToken: next, Timestamp: time.Now().Unix()}, nil
}
