package firehose

import (
	"cmp"
	"regexp"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Bounds and defaults of buffers.
// https://docs.aws.amazon.com/firehose/latest/APIReference/API_BufferingHints.html
const (
	defaultSize     = 5   // MiB
	defaultInterval = 300 // seconds
	maxSize         = 128
	maxInterval     = 900
)

// Values of CompressionFormat.
const (
	uncompressed = "UNCOMPRESSED"
	gzipped      = "GZIP"
)

// S3Destination is a destination as requests and answers have it; in an update what
// is nil stays.
type S3Destination struct {
	RoleARN                  *string                   `json:",omitempty"`
	BucketARN                *string                   `json:",omitempty"`
	Prefix                   *string                   `json:",omitempty"`
	ErrorOutputPrefix        *string                   `json:",omitempty"`
	BufferingHints           *BufferingHints           `json:",omitempty"`
	CompressionFormat        *string                   `json:",omitempty"`
	EncryptionConfiguration  *EncryptionConfiguration  `json:",omitempty"`
	CloudWatchLoggingOptions *CloudWatchLoggingOptions `json:",omitempty"`
}

// ExtendedS3Destination has more.
type ExtendedS3Destination struct {
	S3Destination
	ProcessingConfiguration           *ProcessingConfiguration `json:",omitempty"`
	S3BackupMode                      *string                  `json:",omitempty"`
	DynamicPartitioningConfiguration  *Switch                  `json:",omitempty"`
	DataFormatConversionConfiguration *Switch                  `json:",omitempty"`
	FileExtension                     *string                  `json:",omitempty"`
	CustomTimeZone                    *string                  `json:",omitempty"`
}

// BufferingHints say when a buffer is delivered.
type BufferingHints struct {
	SizeInMBs         *int
	IntervalInSeconds *int
}

// EncryptionConfiguration can only say that there is none.
type EncryptionConfiguration struct{ NoEncryptionConfig string }

// CloudWatchLoggingOptions can only be off.
type CloudWatchLoggingOptions struct{ Enabled bool }

// Switch can only be off.
type Switch struct{ Enabled bool }

// destination is a checked one; it never changes.
type destination struct {
	given     ExtendedS3Destination // all that describes it
	bucket    string
	size      int // bytes
	interval  time.Duration
	prefix    prefix
	gzip      bool
	extension string
	processors
	errorPrefix prefix
}

// newDestination has the defaults.
func newDestination() destination {
	return destination{given: ExtendedS3Destination{
		S3Destination: S3Destination{
			CompressionFormat: new(uncompressed), EncryptionConfiguration: &EncryptionConfiguration{"NoEncryption"},
			BufferingHints:           &BufferingHints{new(defaultSize), new(defaultInterval)},
			CloudWatchLoggingOptions: &CloudWatchLoggingOptions{},
		},
		S3BackupMode: new("Disabled"),
	}}
}

func (d destination) describe() *ExtendedS3Destination { return &d.given }

// with is the destination with what is given changed.
func (d destination) with(operation string, given *ExtendedS3Destination) (destination, error) {
	g := d.given
	g.RoleARN = cmp.Or(given.RoleARN, g.RoleARN)
	g.BucketARN = cmp.Or(given.BucketARN, g.BucketARN)
	g.Prefix = cmp.Or(given.Prefix, g.Prefix)
	g.ErrorOutputPrefix = cmp.Or(given.ErrorOutputPrefix, g.ErrorOutputPrefix)
	g.BufferingHints = cmp.Or(given.BufferingHints, g.BufferingHints)
	g.CompressionFormat = cmp.Or(given.CompressionFormat, g.CompressionFormat)
	g.EncryptionConfiguration = cmp.Or(given.EncryptionConfiguration, g.EncryptionConfiguration)
	g.CloudWatchLoggingOptions = cmp.Or(given.CloudWatchLoggingOptions, g.CloudWatchLoggingOptions)
	g.ProcessingConfiguration = cmp.Or(given.ProcessingConfiguration, g.ProcessingConfiguration)
	g.S3BackupMode = cmp.Or(given.S3BackupMode, g.S3BackupMode)
	g.DynamicPartitioningConfiguration = cmp.Or(given.DynamicPartitioningConfiguration, g.DynamicPartitioningConfiguration)
	g.DataFormatConversionConfiguration = cmp.Or(given.DataFormatConversionConfiguration, g.DataFormatConversionConfiguration)
	g.FileExtension = cmp.Or(given.FileExtension, g.FileExtension)
	g.CustomTimeZone = cmp.Or(given.CustomTimeZone, g.CustomTimeZone)
	if err := g.refuse(operation); err != nil {
		return d, err
	}
	return g.compile(operation)
}

// refuse names what is asked for and not implemented.
func (g *ExtendedS3Destination) refuse(operation string) error {
	off := func(s *Switch) bool { return s == nil || !s.Enabled }
	switch {
	case *g.CompressionFormat != uncompressed && *g.CompressionFormat != gzipped:
		return unsupported(operation, "CompressionFormat "+*g.CompressionFormat)
	case g.EncryptionConfiguration.NoEncryptionConfig != "NoEncryption":
		return unsupported(operation, "EncryptionConfiguration "+g.EncryptionConfiguration.NoEncryptionConfig)
	case g.CloudWatchLoggingOptions.Enabled:
		return unsupported(operation, "CloudWatchLoggingOptions.Enabled")
	case *g.S3BackupMode != "Disabled":
		return unsupported(operation, "S3BackupMode "+*g.S3BackupMode)
	case !off(g.DynamicPartitioningConfiguration):
		return unsupported(operation, "DynamicPartitioningConfiguration")
	case !off(g.DataFormatConversionConfiguration):
		return unsupported(operation, "DataFormatConversionConfiguration")
	case g.CustomTimeZone != nil && *g.CustomTimeZone != "UTC":
		return unsupported(operation, "CustomTimeZone "+*g.CustomTimeZone)
	}
	return nil
}

var (
	bucketARN     = regexp.MustCompile(`^arn:aws:s3:::([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])$`)
	fileExtension = regexp.MustCompile(`^(?:\.[0-9a-z!\-_.*'()]{1,127})?$`)
)

// compile checks the parts of a destination.
func (g *ExtendedS3Destination) compile(operation string) (destination, error) {
	d := destination{given: *g, gzip: *g.CompressionFormat == gzipped}
	if g.BucketARN == nil || g.RoleARN == nil || !bucketARN.MatchString(*g.BucketARN) || !wire.IsRole(*g.RoleARN) {
		return d, invalid("BucketARN must be the ARN of a bucket, and RoleARN that of a role.")
	}
	d.bucket = bucketARN.FindStringSubmatch(*g.BucketARN)[1]
	h := g.BufferingHints
	if h.SizeInMBs == nil || h.IntervalInSeconds == nil {
		return d, invalid("BufferingHints has both SizeInMBs and IntervalInSeconds.")
	}
	if *h.SizeInMBs < 1 || *h.SizeInMBs > maxSize || *h.IntervalInSeconds < 0 || *h.IntervalInSeconds > maxInterval {
		return d, invalid("BufferingHints: SizeInMBs is from 1 to %d, and IntervalInSeconds from 0 to %d.", maxSize, maxInterval)
	}
	d.size, d.interval = *h.SizeInMBs<<20, time.Duration(*h.IntervalInSeconds)*time.Second
	if d.gzip {
		d.extension = ".gz"
	}
	if e := g.FileExtension; e != nil && *e != "" {
		if !fileExtension.MatchString(*e) {
			return d, invalid("FileExtension %.150q must satisfy %s", *e, fileExtension)
		}
		d.extension = *e
	}
	var err error
	if d.processors, err = g.ProcessingConfiguration.compile(operation); err != nil {
		return d, err
	}
	d.prefix, d.errorPrefix, err = parsePrefixes(g.Prefix, g.ErrorOutputPrefix)
	return d, err
}
