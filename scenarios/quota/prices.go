package quota

// Price is what one unit costs in US dollars, where it is from and when it was
// seen there. To bring the table up to date, change the figures and the dates
// here; nothing else knows them.
type Price struct {
	USD  float64
	Per  float64 // units that USD buys
	Unit string
	Page string
	Seen string // year and month, at least
}

// Of is the cost of so many units.
func (p Price) Of(units float64) float64 { return units / p.Per * p.USD }

// PriceTable is on-demand prices of a region, first tier, without free tiers.
type PriceTable struct {
	Region                                               string
	Connectivity, Message, Rule, Action                  Price
	ShardHour, PutUnit                                   Price
	Request, Compute                                     Price
	SeriesWrite, SeriesMemory, SeriesMagnetic            Price
	TableWrite, TableRead, TableStorage                  Price
	ObjectPut, ObjectStorage, Notification, QueueRequest Price
}

const million = 1e6

// USEast1 is the prices of us-east-1. They are from copies of AWS's pages and from
// texts that cite them, each with its date: this program does not ask AWS.
func USEast1() PriceTable {
	const (
		iot        = "https://aws.amazon.com/iot-core/pricing/"
		kinesis    = "https://aws.amazon.com/kinesis/data-streams/pricing/"
		lambda     = "https://aws.amazon.com/lambda/pricing/"
		timestream = "https://aws.amazon.com/timestream/pricing/"
		dynamodb   = "https://aws.amazon.com/dynamodb/pricing/on-demand/"
		s3         = "https://aws.amazon.com/s3/pricing/"
		sns        = "https://aws.amazon.com/sns/pricing/"
		sqs        = "https://aws.amazon.com/sqs/pricing/"
	)
	return PriceTable{
		Region:         "us-east-1",
		Connectivity:   Price{0.08, million, "minutes of connection", iot, "2025-01"},
		Message:        Price{1.00, million, "messages of 5 KB", iot, "2025-01"},
		Rule:           Price{0.15, million, "rules triggered, of 5 KB", iot, "2025-01"},
		Action:         Price{0.15, million, "actions executed, of 5 KB", iot, "2025-01"},
		ShardHour:      Price{0.015, 1, "shard hours", kinesis, "2026-10"},
		PutUnit:        Price{0.014, million, "PUT payload units of 25 KB", kinesis, "2026-10"},
		Request:        Price{0.20, million, "requests", lambda, "2025-07"},
		Compute:        Price{0.0000166667, 1, "GB-seconds, x86", lambda, "2025-07"},
		SeriesWrite:    Price{0.50, million, "writes of 1 KB", timestream, "2024-09"},
		SeriesMemory:   Price{0.036, 1, "GB-hours in the memory store", timestream, "2024-09"},
		SeriesMagnetic: Price{0.03, 1, "GB-months in the magnetic store", timestream, "2024-09"},
		TableWrite:     Price{0.625, million, "write request units", dynamodb, "2025-07"},
		TableRead:      Price{0.125, million, "read request units", dynamodb, "2025-07"},
		TableStorage:   Price{0.25, 1, "GB-months", dynamodb, "2025-05"},
		ObjectPut:      Price{0.005, 1000, "PUT requests", s3, "2025-01"},
		ObjectStorage:  Price{0.023, 1, "GB-months, Standard", s3, "2025-01"},
		Notification:   Price{0.50, million, "requests", sns, "2025-01"},
		QueueRequest:   Price{0.40, million, "requests, standard queue", sqs, "2025-01"},
	}
}
