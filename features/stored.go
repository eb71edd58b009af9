package features

import (
	"context"
	"crypto/md5"
	"fmt"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	ddbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	kintypes "github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"github.com/aws/aws-sdk-go-v2/service/timestreamquery"
	"github.com/cucumber/godog"

	"github.com/shakedown-iot/shakedown/scenarios/ledger"
)

func (s *Steps) registerStored(sc *godog.ScenarioContext) {
	s.then(sc, `^the archive holds (\d+) objects? of "([^"]*)"$`, s.archiveHolds)
	s.then(sc, `^the archive holds (\d+) objects? of "([^"]*)" with exactly that payload$`, s.archiveHoldsPayload)
	s.then(sc, `^the stream holds (\d+) records? of "([^"]*)"$`, s.streamHolds)
	s.then(sc, `^Timestream holds the temperature ([0-9.]+) of "([^"]*)"$`, s.timestreamHolds)
	s.then(sc, `^the hourly average of "([^"]*)" is ([0-9.]+), its maximum ([0-9.]+) and its minimum ([0-9.]+)$`, s.hourly)
	s.then(sc, `^the query for devices silent for 10 minutes finds "([^"]*)"$`, s.silent)
	s.then(sc, `^the state of "([^"]*)" has the temperature ([0-9.]+)$`, s.stateTemperature)
	s.then(sc, `^the state of "([^"]*)" has the status "([^"]*)"$`, s.stateHas("status"))
	s.then(sc, `^the state of "([^"]*)" has the reported status "([^"]*)"$`, s.stateHas("reported"))
	s.then(sc, `^the state of "([^"]*)" does not exist$`, s.stateMissing)
	s.then(sc, `^the dead-letter queue holds (\d+) messages? of "([^"]*)" with the reason "([^"]*)"$`, s.deadLetters)
	s.then(sc, `^the dead-letter queue holds (\d+) messages? about the rule "([^"]*)"$`, s.ruleLetters)
	s.then(sc, `^no message was lost$`, s.nothingLost)
}

func (s *Steps) objectsOf(ctx context.Context, thing string) ([]ledger.Object, error) {
	stored, err := s.stored(ctx)
	var own []ledger.Object
	for _, o := range stored.objects {
		if strings.HasPrefix(o.Key, "devices/"+thing+"/") {
			own = append(own, o)
		}
	}
	return own, err
}

func (s *Steps) archiveHolds(ctx context.Context, n int, thing string) error {
	own, err := s.objectsOf(ctx, thing)
	if err != nil {
		return err
	}
	return expect("objects of "+thing, len(own), n)
}

func (s *Steps) archiveHoldsPayload(ctx context.Context, n int, thing string) error {
	own, err := s.objectsOf(ctx, thing)
	if err != nil {
		return err
	}
	same := 0
	for _, o := range own {
		if o.ETag == md5.Sum(s.sent[thing]) {
			same++
		}
	}
	return expect("objects of "+thing+" with that payload", same, n)
}

func (s *Steps) streamHolds(ctx context.Context, n int, thing string) error {
	client := kinesis.NewFromConfig(s.world.AWS)
	shards, err := client.ListShards(ctx, &kinesis.ListShardsInput{StreamName: &s.world.Stores.Stream})
	if err != nil {
		return err
	}
	count := 0
	for _, shard := range shards.Shards {
		it, err := client.GetShardIterator(ctx, &kinesis.GetShardIteratorInput{
			StreamName: &s.world.Stores.Stream, ShardId: shard.ShardId, ShardIteratorType: kintypes.ShardIteratorTypeTrimHorizon})
		if err != nil {
			return err
		}
		records, err := client.GetRecords(ctx, &kinesis.GetRecordsInput{ShardIterator: it.ShardIterator})
		if err != nil {
			return err
		}
		for _, r := range records.Records {
			if aws.ToString(r.PartitionKey) == thing {
				count++
			}
		}
	}
	return expect("records of "+thing, count, n)
}

func (s *Steps) timestreamHolds(ctx context.Context, value float64, thing string) error {
	stored, err := s.stored(ctx)
	if err != nil {
		return err
	}
	for _, r := range stored.rows {
		if r.Thing == thing && r.Measure == "temperature" && r.Value == value {
			return nil
		}
	}
	return fmt.Errorf("no temperature %v of %s among %d rows", value, thing, len(stored.rows))
}

// query runs one query and returns its rows as text.
func (s *Steps) query(ctx context.Context, sql string) ([][]string, error) {
	answer, err := timestreamquery.NewFromConfig(s.world.AWS).Query(ctx, &timestreamquery.QueryInput{QueryString: &sql})
	if err != nil {
		return nil, err
	}
	var rows [][]string
	for _, r := range answer.Rows {
		var row []string
		for _, d := range r.Data {
			row = append(row, aws.ToString(d.ScalarValue))
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// The source document's two queries, step 6.
const (
	hourlySQL = `SELECT device_id, BIN(time, 1h) as hour,
  AVG(measure_value::double) as avg_temperature,
  MAX(measure_value::double) as max_temperature,
  MIN(measure_value::double) as min_temperature
FROM "iot-data"."telemetry"
WHERE measure_name = 'temperature' AND time > ago(24h)
GROUP BY device_id, BIN(time, 1h)
ORDER BY hour DESC`
	silentSQL = `SELECT device_id, MAX(time) as last_seen
FROM "iot-data"."telemetry"
WHERE time > ago(1h)
GROUP BY device_id
HAVING MAX(time) < ago(10m)`
)

func (s *Steps) hourly(ctx context.Context, thing string, avg, top, bottom float64) error {
	rows, err := s.query(ctx, hourlySQL)
	if err != nil {
		return err
	}
	if len(rows) != 1 || len(rows[0]) != 5 {
		return fmt.Errorf("the query gives %v, not one row of five columns", rows)
	}
	for i, want := range []float64{avg, top, bottom} {
		got, err := strconv.ParseFloat(rows[0][2+i], 64)
		if err != nil || got != want {
			return fmt.Errorf("column %d of %v is not %v", 2+i, rows[0], want)
		}
	}
	return expect("device_id", rows[0][0], thing)
}

func (s *Steps) silent(ctx context.Context, thing string) error {
	rows, err := s.query(ctx, silentSQL)
	if err != nil {
		return err
	}
	if len(rows) != 1 {
		return fmt.Errorf("the query gives %v, not one row", rows)
	}
	return expect("device_id", rows[0][0], thing)
}

func (s *Steps) item(ctx context.Context, thing string) (map[string]ddbtypes.AttributeValue, error) {
	answer, err := dynamodb.NewFromConfig(s.world.AWS).GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &s.world.Stores.Table,
		Key: map[string]ddbtypes.AttributeValue{
			"PK": &ddbtypes.AttributeValueMemberS{Value: "DEVICE#" + thing},
			"SK": &ddbtypes.AttributeValueMemberS{Value: "STATE"},
		},
	})
	if err != nil {
		return nil, err
	}
	return answer.Item, nil
}

func (s *Steps) stateTemperature(ctx context.Context, thing string, want float64) error {
	item, err := s.item(ctx, thing)
	if err != nil {
		return err
	}
	data, ok := item["data"].(*ddbtypes.AttributeValueMemberM)
	if !ok {
		return fmt.Errorf("the state of %s has no data: %v", thing, item)
	}
	n, ok := data.Value["temperature"].(*ddbtypes.AttributeValueMemberN)
	if !ok {
		return fmt.Errorf("the state of %s has no temperature", thing)
	}
	got, err := strconv.ParseFloat(n.Value, 64)
	if err != nil {
		return err
	}
	return expect("temperature", got, want)
}

func (s *Steps) stateHas(attribute string) func(context.Context, string, string) error {
	return func(ctx context.Context, thing, want string) error {
		item, err := s.item(ctx, thing)
		if err != nil {
			return err
		}
		got, ok := item[attribute].(*ddbtypes.AttributeValueMemberS)
		if !ok {
			return fmt.Errorf("the state of %s has no %s", thing, attribute)
		}
		return expect(attribute, got.Value, want)
	}
}

func (s *Steps) stateMissing(ctx context.Context, thing string) error {
	item, err := s.item(ctx, thing)
	if err == nil && item != nil {
		err = fmt.Errorf("%s has a state", thing)
	}
	return err
}

func (s *Steps) deadLetters(ctx context.Context, n int, thing, reason string) error {
	ev, err := s.evidence(ctx)
	if err != nil {
		return err
	}
	count := 0
	for _, d := range ev.DeadLetters {
		if d.Thing == thing && d.Reason == reason {
			count++
		}
	}
	return expect(fmt.Sprintf("dead letters of %s with the reason %s (of %v)", thing, reason, ev.DeadLetters), count, n)
}

func (s *Steps) ruleLetters(ctx context.Context, n int, rule string) error {
	ev, err := s.evidence(ctx)
	if err != nil {
		return err
	}
	count := 0
	for _, d := range ev.DeadLetters {
		if strings.Contains(d.Reason, rule) {
			count++
		}
	}
	return expect("dead letters about "+rule, count, n)
}

// nothingLost audits all messages so far.
func (s *Steps) nothingLost(ctx context.Context) error {
	if _, err := s.evidence(ctx); err != nil {
		return err
	}
	s.world.Audit()
	for _, m := range s.world.Ledger.Messages() {
		for _, sink := range ledger.Sinks() {
			if v := m.Fate(sink); v.Fate == ledger.Lost || v.Fate == ledger.Corrupted || v.Fate == ledger.InFlight {
				return fmt.Errorf("message %s, %s: %s (%s)", m.ID, sink, v.Fate, v.Reason)
			}
		}
	}
	if len(s.world.Ledger.Messages()) == 0 {
		return fmt.Errorf("there were no messages at all")
	}
	return nil
}
