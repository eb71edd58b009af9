package quota

import (
	"maps"
	"slices"
	"time"
)

// Usage is what was counted until a time. Connections that are still open have
// lasted until then.
func (c *Counter) Usage(until time.Time) Usage {
	var u Usage
	if !c.counting() {
		return u
	}
	c.readClients(&u, until)
	c.readAccount(&u)
	c.readStreams(&u)
	c.readWork(&u, until)
	c.readStores(&u)
	return u
}

func (c *Counter) readClients(u *Usage, until time.Time) {
	for i := range c.clients {
		l := &c.clients[i]
		l.mu.Lock()
		for _, id := range slices.Sorted(maps.Keys(l.clients)) {
			known := l.clients[id]
			u.Connection.enter(id, &known.meter)
			u.Connected += known.connected + time.Duration(known.open)*c.held(until)
		}
		u.Messages += l.messages
		u.Untracked += l.untracked
		u.LargestPayload, u.LongestTopic, u.MostSlashes = max(u.LargestPayload, l.largest), max(u.LongestTopic, l.longest), max(u.MostSlashes, l.slashes)
		l.mu.Unlock()
	}
}

func (c *Counter) readAccount(u *Usage) {
	a := &c.account
	a.mu.Lock()
	defer a.mu.Unlock()
	u.Connects, u.Publishes, u.Deliveries = a.connects.Meter, a.publishes.Meter, a.deliveries.Meter
	u.OversizedPayload = a.oversized
	u.Evaluations, u.Subscriptions, u.MostConnected = a.evaluations.Meter, a.subscriptions.Meter, a.most
	u.ConnectsTooSoon, u.RejectedPayloads, u.RejectedTopics = a.tooSoon, a.rejectedPayloads, a.rejectedTopics
	u.Rules, u.Actions, u.Discarded = a.rules.Load(), a.actions.Load(), a.discarded
}

func (c *Counter) readStreams(u *Usage) {
	s := &c.streams
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range slices.Sorted(maps.Keys(s.shards)) {
		u.Shard.enter(id, s.shards[id])
	}
	u.ShardsNeeded, u.Consumers = s.spread.least(), len(s.consumers)
	u.PutUnits, u.Throttled = s.units, s.throttled
}

func (c *Counter) readWork(u *Usage, until time.Time) {
	w := &c.work
	w.mu.Lock()
	defer w.mu.Unlock()
	u.Invocations, u.MostRunning, u.Starts = w.invocations, w.most, w.starts.Meter
	u.Running = w.ran + time.Duration(w.running)*c.since(until)
}

func (c *Counter) readStores(u *Usage) {
	s := &c.stores
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range slices.Sorted(maps.Keys(s.partitions)) {
		u.IndexPartition.enter(name, s.partitions[name])
	}
	u.TableWrites, u.TableReads, u.Puts = s.writes.Meter, s.reads.Meter.halved(), s.puts.Meter
	u.WriteUnits, u.ReadUnits, u.ItemBytes = s.writeUnits, ceil(s.readHalves, 2), s.itemBytes
	u.UntrackedWrites = s.untracked
	u.SeriesWrites, u.SeriesBytes = s.seriesWrites, s.seriesBytes
	u.Objects, u.ObjectBytes, u.Notifications, u.QueueCalls = s.objects, s.objectBytes, s.notifications, s.queue
}
