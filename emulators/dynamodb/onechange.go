package dynamodb

import "slices"

// oneChange refuses changes that the service does not do in one call, in its order of
// them: what is of the table alone stands alone; indexes and the stream wait for a change
// of capacity. A change to on demand goes with the stream and with its own bounds. Seen
// of the service; of
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html
// there is "You can only perform one of the following operations at once".
func (in *UpdateTableInput) oneChange() error {
	given := in.given()
	for _, alone := range []struct{ member, what string }{
		{sseMember, "Server-Side Encryption modification"}, {classMember, "TableClass modification"},
		{protectionMember, "DeletionProtection modification"},
	} {
		if len(given) > 1 && slices.Contains(given, alone.member) {
			return invalid("One or more parameter values were invalid: %s must be the only operation in the request", alone.what)
		}
	}
	if err := in.onlyOfRates(given); err != nil {
		return err
	}
	faster := in.ProvisionedThroughput != nil || in.BillingMode == provisioned
	remade := slices.ContainsFunc(in.GlobalSecondaryIndexUpdates, func(u GlobalSecondaryIndexUpdate) bool { return u.Update == nil })
	switch {
	case faster && in.StreamSpecification != nil:
		return invalid("One or more parameter values were invalid: You cannot modify stream status while updating table IOPS")
	case faster && remade:
		return invalid("One or more parameter values were invalid: You cannot create or delete index while updating table IOPS")
	case remade && in.StreamSpecification != nil:
		return invalid("One or more parameter values were invalid: You cannot create or delete index while changing stream status")
	}
	return nil
}

// onlyOfRates refuses what does not go with a WarmThroughput, which is set for indexes in
// the same call, or with bounds on demand, which go with the billing mode too.
func (in *UpdateTableInput) onlyOfRates(given []string) error {
	besides := func(allowed ...string) bool {
		return slices.ContainsFunc(given, func(member string) bool { return !slices.Contains(allowed, member) })
	}
	switch {
	case in.WarmThroughput != nil && besides(warmMember, indexesMember):
		return invalid("One or more parameter values were invalid: WarmThroughput must be the only operation in the request")
	case in.WarmThroughput != nil && slices.ContainsFunc(in.GlobalSecondaryIndexUpdates, func(u GlobalSecondaryIndexUpdate) bool { return u.Create != nil }):
		return invalid("One or more parameter values were invalid: Create global secondary index cannot be specified when updating WarmThroughput")
	case in.OnDemandThroughput != nil && besides(mostMember, billingMember, throughputMember, indexesMember):
		return invalid("One or more parameter values were invalid: OnDemandThroughput can only be combined with BillingMode in an UpdateTable request")
	}
	return nil
}

// The members of UpdateTable that change something.
const (
	billingMember    = "BillingMode"
	throughputMember = "ProvisionedThroughput"
	mostMember       = "OnDemandThroughput"
	indexesMember    = "GlobalSecondaryIndexUpdates"
	protectionMember = "DeletionProtectionEnabled"
	streamMember     = "StreamSpecification"
	sseMember        = "SSESpecification"
	classMember      = "TableClass"
	warmMember       = "WarmThroughput"
)

// given are the members that change something.
func (in *UpdateTableInput) given() (members []string) {
	for _, m := range []struct {
		is     bool
		member string
	}{
		{in.BillingMode != "", billingMember}, {in.ProvisionedThroughput != nil, throughputMember}, {in.OnDemandThroughput != nil, mostMember},
		{len(in.GlobalSecondaryIndexUpdates) > 0, indexesMember}, {in.DeletionProtectionEnabled != nil, protectionMember},
		{in.StreamSpecification != nil, streamMember}, {in.SSESpecification != nil, sseMember}, {in.TableClass != "", classMember}, {in.WarmThroughput != nil, warmMember},
	} {
		if m.is {
			members = append(members, m.member)
		}
	}
	return members
}
