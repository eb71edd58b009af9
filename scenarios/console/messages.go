package console

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// Message is a raw message in the archive.
type Message struct {
	Key   string
	At    time.Time
	Size  int64
	Text  string // readable, at most maxShown bytes
	Cut   bool
	Bytes bool // Text is hexadecimal
}

// Bounds of what a page shows of the archive.
const (
	mostMessages = 20
	maxShown     = 2 << 10
	mostPages    = 5 // of a thousand keys each
)

// windows are how far back newest looks, one after the other, until there is
// enough: S3 lists the oldest first, and keys begin with the time.
var windows = []time.Duration{10 * time.Second, 2 * time.Minute, time.Hour, 24 * time.Hour, 0}

// newest are a device's last messages, the newest first.
func (c *Console) newest(ctx context.Context, id string, now time.Time) ([]Message, error) {
	prefix := "devices/" + id + "/telemetry/"
	var found []types.Object
	for _, window := range windows {
		after := ""
		if window > 0 {
			after = prefix + strconv.FormatInt(now.Add(-window).UnixMilli(), 10)
		}
		var err error
		if found, err = c.objectsAfter(ctx, prefix, after); err != nil {
			return nil, err
		}
		if len(found) >= mostMessages {
			break
		}
	}
	var list []Message
	for i := len(found) - 1; i >= 0 && len(list) < mostMessages; i-- {
		m, err := c.message(ctx, prefix, found[i])
		if err != nil {
			return list, err
		}
		list = append(list, m)
	}
	return list, nil
}

func (c *Console) objectsAfter(ctx context.Context, prefix, after string) ([]types.Object, error) {
	in := &s3.ListObjectsV2Input{Bucket: &c.config.Pipeline.Bucket, Prefix: &prefix}
	if after != "" {
		in.StartAfter = &after
	}
	var list []types.Object
	pages := s3.NewListObjectsV2Paginator(c.objects, in)
	for n := 0; pages.HasMorePages() && n < mostPages; n++ {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("list the archive: %w", err)
		}
		list = append(list, page.Contents...)
	}
	return list, nil
}

func (c *Console) message(ctx context.Context, prefix string, o types.Object) (Message, error) {
	m := Message{Key: aws.ToString(o.Key), Size: aws.ToInt64(o.Size), At: aws.ToTime(o.LastModified)}
	digits, _, _ := strings.Cut(strings.TrimPrefix(m.Key, prefix), "-")
	if ms, err := strconv.ParseInt(digits, 10, 64); err == nil {
		m.At = time.UnixMilli(ms)
	}
	body, err := c.messages.get(m.Key+" "+aws.ToString(o.ETag), func() ([]byte, error) { return c.body(ctx, m.Key) })
	if err != nil {
		return m, err
	}
	m.Cut = len(body) > maxShown
	m.Text, m.Bytes = readable(body[:min(len(body), maxShown)])
	return m, nil
}

// body is an object's first bytes, one more than is shown.
func (c *Console) body(ctx context.Context, key string) ([]byte, error) {
	out, err := c.objects.GetObject(ctx, &s3.GetObjectInput{Bucket: &c.config.Pipeline.Bucket, Key: &key})
	if err != nil {
		return nil, fmt.Errorf("get %s: %w", key, err)
	}
	defer out.Body.Close()
	body, err := io.ReadAll(io.LimitReader(out.Body, maxShown+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", key, err)
	}
	return body, nil
}

// readable is a payload as text: JSON and other text as it is, without what would
// move a cursor or turn the direction of writing; bytes in hexadecimal.
func readable(body []byte) (text string, bytewise bool) {
	if !utf8.Valid(whole(body)) || bytes.IndexByte(body, 0) >= 0 {
		return hex.EncodeToString(body), true
	}
	var compact bytes.Buffer
	if json.Compact(&compact, body) == nil {
		body = compact.Bytes()
	}
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
			return unicode.ReplacementChar
		}
		return r
	}, strings.ToValidUTF8(string(body), "\uFFFD")), false
}

// whole is text without a last character that was cut in two.
func whole(body []byte) []byte {
	for i := len(body) - 1; i >= max(0, len(body)-utf8.UTFMax); i-- {
		if utf8.RuneStart(body[i]) {
			if !utf8.FullRune(body[i:]) {
				return body[:i]
			}
			break
		}
	}
	return body
}

// bodies keeps what was read of objects, which do not change: a page that is shown
// again reads only what is new.
type bodies struct {
	mu   sync.Mutex
	kept map[string][]byte
}

// mostBodies bounds what is kept, at maxShown bytes each.
const mostBodies = 2_000

func (b *bodies) get(key string, read func() ([]byte, error)) ([]byte, error) {
	b.mu.Lock()
	body, ok := b.kept[key]
	b.mu.Unlock()
	if ok {
		return body, nil
	}
	body, err := read()
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.kept == nil || len(b.kept) >= mostBodies {
		b.kept = map[string][]byte{}
	}
	b.kept[key] = body
	return body, nil
}
