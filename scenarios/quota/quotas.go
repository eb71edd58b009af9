package quota

// Quotas are AWS's limits in us-east-1, as they are before anybody has asked for
// more.
//
//   - IoT Core: https://docs.aws.amazon.com/general/latest/gr/iot-core.html (AWS.md §1)
//   - Kinesis: https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html (AWS.md §3)
//   - DynamoDB: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html and
//     …/bp-partition-key-design.html for a partition
//   - Lambda: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
//   - S3: https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html
type Quotas struct {
	ConnectionPublishes   int64 // publish requests a second of a connection, in and out
	ConnectionBytes       int64 // bytes a second of a connection
	Connects              int64 // CONNECTs a second of the account
	Payload               int   // bytes
	Topic                 int   // bytes
	Slashes               int
	Unacknowledged        int   // inbound QoS 1 publishes of a client
	AccountPublishes      int64 // inbound publish requests a second of the account
	AccountDeliveries     int64 // outbound publish requests a second of the account
	AccountRules          int64 // rule evaluations a second of the account
	AccountSubscriptions  int64 // topic filters in SUBSCRIBEs a second of the account
	AccountConnections    int64 // at one time, of the account
	ShardRecords          int64 // in, a second
	ShardBytes            int64 // in, a second
	ShardReads            int64 // GetRecords calls a second
	ShardBytesOut         int64 // a second, all consumers without enhanced fan-out together
	PartitionWrites       int64 // write units a second of one partition key
	NewTableWrites        int64 // write units a second of an on-demand table that is new
	NewTableReads         int64
	TableWrites           int64 // write units a second of an on-demand table, account default
	Concurrency           int64 // functions running in the account
	PrefixPuts            int64 // PUT requests a second of one prefix of a bucket
	MostShards            int   // of an account
	SecondsBetweenConnect float64
	Small                 Small
}

// Small are the quotas of IoT Core in the smaller regions, such as Paris, Stockholm,
// Northern California and Canada, which are others.
type Small struct {
	Connects, Publishes, Deliveries, Rules, Subscriptions, Connections int64
}

// Defaults are the quotas of a new account.
func Defaults() Quotas {
	return Quotas{
		ConnectionPublishes: 100, ConnectionBytes: 512 << 10, Connects: 3000, SecondsBetweenConnect: 1,
		Payload: 128 << 10, Topic: 256, Slashes: 7, Unacknowledged: 100, AccountPublishes: 20_000,
		AccountDeliveries: 20_000, AccountRules: 20_000, AccountSubscriptions: 3000, AccountConnections: 500_000,
		ShardRecords: 1000, ShardBytes: 1 << 20, ShardReads: 5, ShardBytesOut: 2 << 20, MostShards: 20_000,
		PartitionWrites: 1000, NewTableWrites: 4000, NewTableReads: 12_000, TableWrites: 40_000,
		Concurrency: 1000, PrefixPuts: 3500,
		Small: Small{Connects: 100, Publishes: 2000, Deliveries: 2000, Rules: 2000, Subscriptions: 200, Connections: 100_000},
	}
}
