package dynamodb

import "time"

// StreamSpecification turns a stream on, with a view, or off.
type StreamSpecification struct {
	StreamEnabled  *bool
	StreamViewType string `json:",omitempty"`
}

// Views of a stream: what of an item its records hold.
const (
	keysOnly  = "KEYS_ONLY"
	newImage  = "NEW_IMAGE"
	oldImage  = "OLD_IMAGE"
	bothImage = "NEW_AND_OLD_IMAGES"
)

// check checks it for CreateTable, or for an update, whose messages are others.
func (in *StreamSpecification) check(update bool) error {
	if in == nil {
		return nil
	}
	if err := oneOf(in.StreamViewType, "streamSpecification.streamViewType", newImage, oldImage, bothImage, keysOnly); err != nil {
		return err
	}
	switch {
	case in.StreamEnabled == nil:
		return constraint("null", "streamSpecification.streamEnabled", "Member must not be null")
	case *in.StreamEnabled && in.StreamViewType == "":
		return invalid("One or more parameter values were invalid: %s is required", either(update, "If stream is being enabled then UpdateViewType", "Table is being created with a stream enabled, UpdateViewType"))
	case !*in.StreamEnabled && in.StreamViewType != "":
		return invalid("One or more parameter values were invalid: %s be specified", either(update, "If stream is being disabled, then UpdateViewType must not", "Table is being created with a stream disabled, UpdateViewType should not"))
	}
	return nil
}

func either(is bool, yes, no string) string {
	if is {
		return yes
	}
	return no
}

// checkStream checks that a table's stream can be turned on or off.
func (t *table) checkStream(spec *StreamSpecification) error {
	switch on := t.stream != nil && t.stream.closed.IsZero(); {
	case spec == nil:
		return nil
	case *spec.StreamEnabled && on:
		return invalid("Table already has an enabled stream: TableName: %s", t.name)
	case !*spec.StreamEnabled && !on:
		return invalid("Table has no stream to disable: TableName: %s", t.name)
	}
	return nil
}

// setStream turns the stream of a table on or off; the caller holds the lock.
func (s *State) setStream(t *table, spec *StreamSpecification) {
	now := time.Now()
	switch {
	case spec == nil:
	case !*spec.StreamEnabled:
		if t.stream != nil {
			t.stream.close(now)
		}
	default:
		st := newStream(t, spec.StreamViewType, now)
		for at := now; s.streams[st.arn] != nil; { // labels have milliseconds
			at = at.Add(time.Millisecond)
			st = newStream(t, spec.StreamViewType, at)
		}
		s.streams[st.arn] = st
		t.stream = st
	}
}

// describe adds the stream to the description of its table. One that is off is
// still the latest.
func (st *stream) describe(d *TableDescription) {
	if st == nil {
		return
	}
	d.LatestStreamArn, d.LatestStreamLabel = st.arn, st.label
	if st.closed.IsZero() {
		d.StreamSpecification = &StreamSpecification{new(true), st.view}
	}
}
