package dynamodb

import (
	"context"
	"slices"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// UpdateTableInput is the request of UpdateTable: what is not given stays.
type UpdateTableInput struct {
	TableName                   string
	AttributeDefinitions        []AttributeDefinition
	BillingMode                 string
	ProvisionedThroughput       *ProvisionedThroughput
	OnDemandThroughput          *OnDemandThroughput
	GlobalSecondaryIndexUpdates []GlobalSecondaryIndexUpdate
	DeletionProtectionEnabled   *bool
	StreamSpecification         *StreamSpecification
	SSESpecification            *SSESpecification
	TableClass                  string
	WarmThroughput              *WarmThroughput
}

// GlobalSecondaryIndexUpdate makes, changes or deletes an index: one member is
// set.
type GlobalSecondaryIndexUpdate struct {
	Create *GlobalSecondaryIndex
	Update *UpdateIndex
	Delete *DeleteIndex
}

// UpdateIndex changes the capacity of an index, or its bound on demand.
type UpdateIndex struct {
	IndexName             string
	ProvisionedThroughput *ProvisionedThroughput
	OnDemandThroughput    *OnDemandThroughput
	WarmThroughput        *WarmThroughput
}

// DeleteIndex deletes an index.
type DeleteIndex struct{ IndexName string }

// UpdateTableOutput is the answer of UpdateTable.
type UpdateTableOutput struct{ TableDescription TableDescription }

// UpdateTable changes a table at once: a new index has all items of the table.
func (s *State) UpdateTable(_ context.Context, in *UpdateTableInput) (*UpdateTableOutput, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	if err := in.StreamSpecification.check(true); err != nil {
		return nil, err
	}
	if err := in.SSESpecification.check(); err != nil {
		return nil, err
	}
	if err := checkClass(in.TableClass); err != nil {
		return nil, err
	}
	if err := in.ProvisionedThroughput.inBounds(""); err != nil {
		return nil, err
	}
	if err := checkUpdates(in.GlobalSecondaryIndexUpdates); err != nil {
		return nil, err
	}
	if len(in.given()) == 0 {
		return nil, invalid("At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates, SSESpecification, ReplicaUpdates, " +
			"MultiAccountReplicaReady, ReplicaTransitRoleArn, MultiRegionConsistency, DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass is required")
	}
	if err := in.oneChange(); err != nil {
		return nil, err
	}
	s.lock()
	defer s.mu.Unlock()
	t, err := s.table(in.TableName)
	if err != nil {
		return nil, s.named(err, in.TableName)
	}
	if err := t.checkStream(in.StreamSpecification); err != nil {
		return nil, err
	}
	c := newChange(t)
	if err := c.read(in); err != nil {
		return nil, err
	}
	c.apply()
	s.setStream(t, in.StreamSpecification)
	return &UpdateTableOutput{c.describe()}, nil
}

// change is what an UpdateTable does, which is checked before it is done.
type change struct {
	table *table
	after table            // what of the table is compared and checked: it holds no items
	keys  definedKeys      // of the call: those of the table do not count for a new index
	rates map[string]rates // of the global indexes that are there
	made  *index
}

func newChange(t *table) *change {
	c := &change{
		table: t,
		after: table{
			onDemand: t.onDemand, rates: t.rates, schema: t.schema, protected: t.protected,
			class: t.class, managedKey: t.managedKey,
			definitions: slices.Clone(t.definitions), indexes: slices.Clone(t.indexes),
		},
		keys:  definedKeys{types: map[string]attribute.Type{}, used: map[string]bool{}},
		rates: map[string]rates{},
	}
	for _, i := range t.indexes {
		if !i.local {
			c.rates[i.name] = i.rates
		}
	}
	return c
}

func (c *change) read(in *UpdateTableInput) error {
	if in.BillingMode != "" {
		c.after.onDemand = in.BillingMode == onDemand
	}
	if in.DeletionProtectionEnabled != nil {
		c.after.protected = *in.DeletionProtectionEnabled
	}
	if err := c.define(in.AttributeDefinitions); err != nil {
		return err
	}
	if err := c.indexes(in.GlobalSecondaryIndexUpdates); err != nil {
		return err
	}
	if err := c.capacities(in.ProvisionedThroughput); err != nil {
		return err
	}
	if err := c.settings(in); err != nil {
		return err
	}
	c.settleDefinitions()
	return nil
}

// settings reads what is of the table alone and not of its keys.
func (c *change) settings(in *UpdateTableInput) error {
	if err := c.after.adjust(&c.after.rates, asked{most: in.OnDemandThroughput, warm: in.WarmThroughput}, ""); err != nil {
		return err
	}
	if err := in.SSESpecification.differs(c.after.managedKey); err != nil {
		return err
	}
	if in.SSESpecification != nil {
		c.after.managedKey = in.SSESpecification.enabled()
	}
	if in.TableClass != "" {
		c.after.class = class{in.TableClass, time.Now()}
	}
	return nil
}

// define adds definitions to those that the table has.
func (c *change) define(given []AttributeDefinition) error {
	if err := c.keys.define(given); err != nil {
		return err
	}
	for _, d := range given {
		at := slices.IndexFunc(c.after.definitions, func(had AttributeDefinition) bool { return had.AttributeName == d.AttributeName })
		switch {
		case at < 0:
			c.after.definitions = append(c.after.definitions, d)
		case c.after.definitions[at].AttributeType != d.AttributeType:
			return invalid("One or more parameter values were invalid: Attributes cannot be redefined. Please check that your attribute has the same type as previously defined. "+
				"Attribute: %s, type: %s", d.AttributeName, c.after.definitions[at].AttributeType)
		}
	}
	return nil
}

// settleDefinitions keeps the definitions that a key uses: the service drops others
// without a word, so that a call may give all those of its configuration.
func (c *change) settleDefinitions() {
	for _, k := range c.after.schema {
		c.keys.used[k.name] = true
	}
	for _, i := range c.after.indexes {
		for _, k := range i.schema {
			c.keys.used[k.name] = true
		}
	}
	c.after.definitions = slices.DeleteFunc(c.after.definitions, func(d AttributeDefinition) bool { return !c.keys.used[d.AttributeName] })
}

func (c *change) indexes(updates []GlobalSecondaryIndexUpdate) error {
	for _, u := range updates {
		if err := c.index(u); err != nil {
			return err
		}
	}
	if c.after.globals() > maxGlobalIndexes { // for CreateTable it is a ValidationException
		return wire.Errorf("LimitExceededException", 0, "GlobalSecondaryIndex count exceeds the per-table limit of %d", maxGlobalIndexes)
	}
	return c.after.checkIndexes()
}

func (c *change) index(u GlobalSecondaryIndexUpdate) error {
	switch {
	case u.Create != nil:
		if _, err := c.after.index(u.Create.IndexName); err == nil {
			return invalid("Attempting to create an index which already exists")
		}
		if len(c.keys.names) == 0 {
			return invalid("One or more parameter values were invalid: AttributeDefinitions is not specified for index: %s", u.Create.IndexName)
		}
		made, err := c.after.global(*u.Create, &c.keys)
		if err != nil {
			return err
		}
		c.made = made
		c.after.indexes = append(c.after.indexes, made)
		return nil
	case u.Delete != nil:
		i, err := c.globalNamed(u.Delete.IndexName, "delete")
		if err != nil {
			return err
		}
		c.after.indexes = slices.DeleteFunc(c.after.indexes, func(other *index) bool { return other == i })
		return nil
	}
	return c.update(u.Update)
}

// update changes the rates of an index.
func (c *change) update(u *UpdateIndex) error {
	i, err := c.globalNamed(u.IndexName, "update")
	if err != nil {
		return err
	}
	r := i.rates
	if err := c.after.adjust(&r, asked{most: u.OnDemandThroughput, warm: u.WarmThroughput}, i.name); err != nil {
		return err
	}
	switch {
	case u.ProvisionedThroughput != nil:
		if r.throughput, err = c.after.capacity(u.ProvisionedThroughput, i.name); err != nil {
			return err
		}
		if r.throughput == i.throughput {
			return unchanged("index "+i.name, r.throughput)
		}
	case u.OnDemandThroughput == nil && u.WarmThroughput == nil:
		return constraint("null", "globalSecondaryIndexUpdates.member.update.provisionedThroughput", "Member must not be null")
	}
	c.rates[i.name] = r
	return nil
}

// globalNamed finds a global index to do something to.
func (c *change) globalNamed(name, do string) (*index, error) {
	i, err := c.after.index(name)
	switch {
	case err != nil:
		return nil, wire.Errorf("ResourceNotFoundException", 0, "Requested resource not found: Index: %s not found", name)
	case i.local:
		return nil, invalid("Cannot %s an index that is not a GlobalSecondaryIndex: %s", do, name)
	}
	return i, nil
}

// unchanged refuses a capacity that the table or index has.
func unchanged(what string, p Throughput) error {
	return invalid("The provisioned throughput for the %s will not change. The requested value equals the current value. "+
		"Current ReadCapacityUnits provisioned for the table: %d. Requested ReadCapacityUnits: %d. "+
		"Current WriteCapacityUnits provisioned for the table: %d. Requested WriteCapacityUnits: %d. "+
		"Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.",
		what, p.ReadCapacityUnits, p.ReadCapacityUnits, p.WriteCapacityUnits, p.WriteCapacityUnits)
}

// capacities finds the capacity of the table and of indexes that have none yet.
func (c *change) capacities(given *ProvisionedThroughput) error {
	before, after := c.table, &c.after
	if given != nil || after.onDemand != before.onDemand {
		var err error
		if after.throughput, err = after.capacity(given, ""); err != nil {
			return err
		}
		if after.onDemand == before.onDemand && after.throughput == before.throughput {
			return unchanged("table", after.throughput)
		}
	}
	if after.onDemand == before.onDemand {
		return nil
	}
	for _, i := range after.indexes {
		r, ok := c.rates[i.name]
		switch {
		case !ok: // a local one, or the new one
		case !after.onDemand && r.throughput == (Throughput{}):
			return invalid("One or more parameter values were invalid: ProvisionedThroughput must be specified for index: %s", i.name)
		default:
			c.rates[i.name] = r.ofMode(after.onDemand)
		}
	}
	return nil
}

// apply does the change.
func (c *change) apply() {
	t := c.table
	if c.after.onDemand && !t.onDemand {
		t.onDemandSince = time.Now()
	}
	t.onDemand, t.rates, t.protected = c.after.onDemand, c.after.rates, c.after.protected
	t.class, t.managedKey = c.after.class, c.after.managedKey
	t.definitions, t.indexes = c.after.definitions, c.after.indexes
	for _, i := range t.indexes {
		if r, ok := c.rates[i.name]; ok {
			i.rates = r
		}
	}
	if c.made != nil {
		t.items.Scan(func(_ string, r *record) bool {
			c.made.replace(nil, r)
			return true
		})
	}
}

// describe is the table on its way; of its indexes only a new one is.
func (c *change) describe() TableDescription {
	d := c.table.describe("UPDATING")
	for n := range d.GlobalSecondaryIndexes {
		i := &d.GlobalSecondaryIndexes[n]
		i.IndexStatus = "ACTIVE"
		if c.made != nil && c.made.name == i.IndexName {
			i.IndexStatus = "CREATING"
		}
	}
	return d
}
