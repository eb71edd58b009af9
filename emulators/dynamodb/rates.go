package dynamodb

// rates are how much may be read from a table or a global index, and written.
type rates struct {
	throughput Throughput // of one that is provisioned
	most       ceiling    // of one on demand
	warmed     warmth
}

// asked are the rates that a request names; nil where it does not.
type asked struct {
	throughput *ProvisionedThroughput
	most       *OnDemandThroughput
	warm       *WarmThroughput
}

// allot checks the rates asked for the table, or for the index named, both new.
func (t *table) allot(in asked, index string) (r rates, err error) {
	if r.throughput, err = t.capacity(in.throughput, index); err != nil {
		return r, err
	}
	return r, t.adjust(&r, in, index)
}

// adjust checks what is asked besides provisioned capacity and changes it.
func (t *table) adjust(r *rates, in asked, index string) (err error) {
	if r.most, err = t.ceiling(r.most, in.most, index); err != nil {
		return err
	}
	r.warmed, err = t.warmer(r.warmed, in.warm, index)
	return err
}

// ofMode are the rates without those of the other billing mode.
func (r rates) ofMode(onDemand bool) rates {
	if onDemand {
		r.throughput = Throughput{}
	} else {
		r.most = ceiling{}
	}
	return r
}

// forIndex is how an error about rates goes on where they are an index's.
func forIndex(name string) string {
	if name == "" {
		return ""
	}
	return " for index: " + name
}
