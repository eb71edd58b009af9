package quota

import "time"

// Usage is what a run used: what AWS meters, and the highest of each second. Sizes
// are in bytes.
type Usage struct {
	// IoT Core. Messages are in units of 5 KB, as they are billed, in and out; Rules
	// and Actions in the same units.
	Connected                 time.Duration // of all connections, added up
	Messages, Rules, Actions  int64
	ConnectsTooSoon           int64 // of one client id within a second
	RejectedPayloads          int64
	RejectedTopics            int64
	LargestPayload            int // of those accepted
	OversizedPayload          int // the largest of those rejected for their size
	LongestTopic, MostSlashes int
	Unacknowledged            int // the most of one client, in flight to the broker
	Connection                Worst
	Connects, Publishes       Meter
	Deliveries, Evaluations   Meter
	Subscriptions             Meter
	MostConnected             int64 // at one time
	// Kinesis.
	PutUnits     int64 // of 25 KB
	Shard        Worst
	ShardsNeeded int // so many would have held; more than slots is none
	Consumers    int
	Throttled    int64 // records that the stream refused
	// Functions.
	Invocations int64
	Running     time.Duration // of all invocations, added up
	MostRunning int64
	Starts      Meter
	// Stores. SeriesWrites are in units of 1 KiB.
	SeriesWrites, SeriesBytes int64
	TableWrites, TableReads   Meter
	WriteUnits, ReadUnits     int64
	ItemBytes                 int64 // of all items written last, by key
	UntrackedWrites           int64 // of items beyond the most whose size is remembered
	IndexPartition            Worst
	Objects, ObjectBytes      int64
	Puts                      Meter
	Notifications, QueueCalls int64
	Untracked                 int64 // events of connections beyond the most that are told apart
	// Discarded are publishes that an emulator which enforces the quotas threw away.
	Discarded int64
}

// Worst is the meters of many of a kind, such as connections: the highest peak of
// one and its name, and what was over the limit in all.
type Worst struct {
	Meter
	Name string
	// Many is how many of them were over the limit at least once.
	Many int
}

// enter takes a meter into the worst of its kind. The first by name wins a tie, so
// that equal runs name the same.
func (w *Worst) enter(name string, m *meter) {
	if m.Peak.Count > w.Peak.Count || m.Peak.Count == w.Peak.Count && (w.Name == "" || name < w.Name) {
		w.Name, w.Peak.Count, w.Peak.At = name, m.Peak.Count, m.Peak.At
	}
	w.Peak.Bytes = max(w.Peak.Bytes, m.Peak.Bytes)
	w.Over += m.Over
	w.HeavySeconds += m.HeavySeconds
	if m.Over+m.HeavySeconds > 0 {
		w.Many++
	}
}
