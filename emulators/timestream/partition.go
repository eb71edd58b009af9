package timestream

import "fmt"

// Schema is what a table is partitioned by: one key.
type Schema struct{ CompositePartitionKey []PartitionKey }

// PartitionKey is the measure's name, or a dimension, which records can be required
// to have.
// https://docs.aws.amazon.com/timestream/latest/developerguide/API_PartitionKey.html
type PartitionKey struct {
	Type                string
	Name                string `json:",omitempty"`
	EnforcementInRecord string `json:",omitempty"`
}

var defaultPartition = PartitionKey{Type: "MEASURE"}

// key is the one key of a schema.
func (s Schema) key() (PartitionKey, error) {
	if len(s.CompositePartitionKey) == 0 {
		return defaultPartition, nil
	}
	k := s.CompositePartitionKey[0]
	switch {
	case len(s.CompositePartitionKey) > 1:
		return k, validation("CompositePartitionKey has more than one key")
	case k.Type == "MEASURE" && (k.Name != "" || k.EnforcementInRecord != ""):
		return k, validation("A partition key of type MEASURE has no name and no enforcement")
	case k.Type == "MEASURE":
		return k, nil
	case k.Type != "DIMENSION":
		return k, validation("The partition key's type %q is none of DIMENSION, MEASURE", k.Type)
	case k.Name == "" || len(k.Name) > maxDimensionName:
		return k, validation("A partition key of type DIMENSION needs a name of at most %d bytes", maxDimensionName)
	case k.EnforcementInRecord != "REQUIRED" && k.EnforcementInRecord != "OPTIONAL":
		return k, validation("EnforcementInRecord %q is none of REQUIRED, OPTIONAL", k.EnforcementInRecord)
	}
	return k, nil
}

// missing is why a record cannot be written: it has no required partition key.
func (k PartitionKey) missing(r Record) string {
	if k.EnforcementInRecord != "REQUIRED" {
		return ""
	}
	for _, d := range r.Dimensions {
		if d.Name == k.Name {
			return ""
		}
	}
	return fmt.Sprintf("The record has no dimension %s, which is the table's required partition key", k.Name)
}
