package kinesis_test

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/kinesis"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

func scale(t *testing.T, c *sdk.Client, target int32) error {
	_, err := c.UpdateShardCount(t.Context(), &sdk.UpdateShardCountInput{StreamName: aws.String("s"), TargetShardCount: &target, ScalingType: types.ScalingTypeUniformScaling})
	return err
}

// tree writes the shards of a stream as "number<parent+adjacent parent", and checks
// that those that are open divide the hash keys evenly.
func tree(t *testing.T, c *sdk.Client) string {
	out, err := c.ListShards(t.Context(), &sdk.ListShardsInput{StreamName: aws.String("s")})
	require.NoError(t, err)
	number := func(id *string) string {
		return strings.TrimLeft((*id)[len("shardId-"):len(*id)-1], "0") + (*id)[len(*id)-1:]
	}
	var all []string
	var open []types.HashKeyRange
	for _, sh := range out.Shards {
		text := number(sh.ShardId)
		if sh.ParentShardId != nil {
			text += "<" + number(sh.ParentShardId)
		}
		if sh.AdjacentParentShardId != nil {
			text += "+" + number(sh.AdjacentParentShardId)
		}
		if sh.SequenceNumberRange.EndingSequenceNumber == nil {
			text += "*"
			open = append(open, *sh.HashKeyRange)
		}
		all = append(all, text)
	}
	requireEven(t, open)
	return strings.Join(all, " ")
}

func requireEven(t *testing.T, open []types.HashKeyRange) {
	at := func(text *string) *big.Int { n, _ := new(big.Int).SetString(*text, 10); return n }
	slices.SortFunc(open, func(a, b types.HashKeyRange) int { return at(a.StartingHashKey).Cmp(at(b.StartingHashKey)) })
	space := new(big.Int).Lsh(big.NewInt(1), 128)
	width := new(big.Int).Div(space, big.NewInt(int64(len(open))))
	for i, keys := range open {
		low := new(big.Int).Mul(width, big.NewInt(int64(i)))
		high := new(big.Int).Add(low, width)
		if i == len(open)-1 {
			high = space
		}
		require.Equal(t, low.String(), *keys.StartingHashKey)
		require.Equal(t, high.Sub(high, big.NewInt(1)).String(), *keys.EndingHashKey)
	}
}

// UpdateShardCount splits and merges, so that each shard's parents are named, whatever
// the numbers are.
// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateShardCount.html
func TestUpdateShardCountSplitsAndMerges(t *testing.T) {
	_, c := start(t, 2)
	require.NoError(t, scale(t, c, 3))
	require.Equal(t, "0 1 2<0* 3<0 4<1 5<1* 6<3+4*", tree(t, c))

	_, c = start(t, 2)
	require.NoError(t, scale(t, c, 4))
	require.Equal(t, "0 1 2<0* 3<0* 4<1* 5<1*", tree(t, c))
	require.NoError(t, scale(t, c, 2))
	require.Equal(t, "0 1 2<0 3<0 4<1 5<1 6<2+3* 7<4+5*", tree(t, c))

	_, c = start(t, 4) // a shard that is right stays
	for _, s := range [][2]string{{"1", "85070591730234615865843651857942052964"}, {"2", "170141183460469231731687303715884105828"}} {
		_, err := c.SplitShard(t.Context(), &sdk.SplitShardInput{StreamName: aws.String("s"), ShardToSplit: aws.String("shardId-00000000000" + s[0]), NewStartingHashKey: &s[1]})
		require.NoError(t, err)
	}
	require.NoError(t, scale(t, c, 4))
	require.Equal(t, "0* 1 2 3* 4<1 5<1 6<2 7<2 8<4+5* 9<6+7*", tree(t, c))

	for had, target := range map[int32]int32{2: 5, 5: 2, 3: 0} {
		_, c = start(t, had)
		err := scale(t, c, target)
		require.Contains(t, []string{"InvalidArgumentException", "ValidationException"}, code(err), "%d to %d", had, target)
	}
	_, c = start(t, 7)
	for _, target := range []int32{11, 6, 12, 9} {
		require.NoError(t, scale(t, c, target))
		tree(t, c)
	}
}

// Ten times in any 24 hours; a mode changes twice.
func TestAStreamIsScaledTenTimesADay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := enforcing(t)
		for i := range 10 {
			require.NoError(t, scale(t, c, int32(2-i%2)))
		}
		require.Equal(t, "LimitExceededException", code(scale(t, c, 2)))
		arn := aws.String("arn:aws:kinesis:us-east-1:000000000000:stream/s")
		mode := func(m types.StreamMode) error {
			_, err := c.UpdateStreamMode(t.Context(), &sdk.UpdateStreamModeInput{StreamARN: arn, StreamModeDetails: &types.StreamModeDetails{StreamMode: m}})
			return err
		}
		require.NoError(t, mode(types.StreamModeOnDemand))
		require.NoError(t, mode(types.StreamModeProvisioned))
		require.Equal(t, "LimitExceededException", code(mode(types.StreamModeOnDemand)))
		time.Sleep(24 * time.Hour)
		require.NoError(t, scale(t, c, 2))
		require.NoError(t, mode(types.StreamModeOnDemand))
	})
}

// An account has 20,000 shards in its provisioned streams together in three regions, and
// 1,000 elsewhere, and 50 streams on demand.
// https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
func TestAnAccountHasSoManyShards(t *testing.T) {
	c := sdk.NewFromConfig(configOf(kinesis.Handler(kinesis.New(kinesis.Config{Identity: wire.Identity{Account: "000000000000", Region: "eu-north-1"}}))))
	create := func(name string, shards *int32, mode types.StreamMode) error {
		_, err := c.CreateStream(t.Context(), &sdk.CreateStreamInput{StreamName: &name, ShardCount: shards, StreamModeDetails: &types.StreamModeDetails{StreamMode: mode}})
		return err
	}
	require.ErrorContains(t, create("s", aws.Int32(math.MaxInt32), types.StreamModeProvisioned), "LimitExceededException")
	require.NoError(t, create("s", aws.Int32(600), types.StreamModeProvisioned))
	require.ErrorContains(t, create("t", aws.Int32(401), types.StreamModeProvisioned), "Current shard count for the account: 600. Limit: 1000.")
	require.NoError(t, create("t", aws.Int32(400), types.StreamModeProvisioned))
	require.Equal(t, "LimitExceededException", code(scale(t, c, 601)))
	_, err := c.SplitShard(t.Context(), &sdk.SplitShardInput{StreamName: aws.String("s"), ShardToSplit: aws.String("shardId-000000000000"), NewStartingHashKey: aws.String("1000")})
	require.Equal(t, "LimitExceededException", code(err))
	for i := range 50 {
		require.NoError(t, create(fmt.Sprint("d", i), nil, types.StreamModeOnDemand))
	}
	require.Equal(t, "LimitExceededException", code(create("d", nil, types.StreamModeOnDemand)))
	_, c = start(t, 6000)
	limits, err := c.DescribeLimits(t.Context(), &sdk.DescribeLimitsInput{})
	require.NoError(t, err)
	require.Equal(t, []int32{20_000, 6000}, []int32{*limits.ShardLimit, *limits.OpenShardCount})
	require.ErrorContains(t, scale(t, c, 10_001), "LimitExceededException: UpdateShardCount cannot scale to more than 10000 shards.")
}
