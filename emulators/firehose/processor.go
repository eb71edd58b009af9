package firehose

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Bounds and defaults of the Lambda processor.
// https://docs.aws.amazon.com/firehose/latest/APIReference/API_ProcessorParameter.html
const (
	defaultRetries      = 3
	maxRetries          = 300
	defaultFunctionWait = 60  // seconds
	defaultFunctionSize = 1.0 // MiB
	minFunctionSize     = 0.2
	maxFunctionSize     = 3.0
	maxParameter        = 5120 // characters
)

// ProcessingConfiguration is what is done to records.
type ProcessingConfiguration struct {
	Enabled    bool
	Processors []Processor
}

// Processor is one step: Lambda or AppendDelimiterToRecord.
type Processor struct {
	Type       string
	Parameters []ProcessorParameter `json:",omitempty"`
}

// ProcessorParameter is a setting of a processor.
type ProcessorParameter struct{ ParameterName, ParameterValue string }

// processors are checked ones: a function first, a delimiter then.
type processors struct {
	function  *function // nil: none
	delimiter string    // after each record
}

// function is one that transforms records, so many bytes or so long at a time.
type function struct {
	arn      string
	role     string // invokes it; the destination's where it is empty
	retries  int
	size     int // bytes
	interval time.Duration
}

// compile checks the processors, of which there is at most one of a kind.
func (p *ProcessingConfiguration) compile(operation string) (processors, error) {
	var out processors
	if p == nil {
		return out, nil
	}
	seen := map[string]bool{}
	for _, one := range p.Processors {
		if seen[one.Type] {
			return out, invalid("Only one processor of type %s is allowed.", one.Type)
		}
		seen[one.Type] = true
		var err error
		switch one.Type {
		case "Lambda":
			out.function, err = one.function(operation)
		case "AppendDelimiterToRecord":
			out.delimiter, err = one.delimiter(operation)
		default:
			err = unsupported(operation, "processor "+one.Type)
		}
		if err == nil {
			err = one.once()
		}
		if err != nil {
			return out, err
		}
	}
	if !p.Enabled { // checked all the same
		return processors{}, nil
	}
	return out, nil
}

// once refuses a parameter that is there twice: one of them would count for nothing.
func (p Processor) once() error {
	seen := map[string]bool{}
	for _, parameter := range p.Parameters {
		if seen[parameter.ParameterName] {
			return invalid("Processor parameter %.100q is there twice.", parameter.ParameterName)
		}
		seen[parameter.ParameterName] = true
	}
	return nil
}

func (p Processor) delimiter(operation string) (string, error) {
	text := `\n`
	for _, parameter := range p.Parameters {
		if parameter.ParameterName != "Delimiter" {
			return "", unsupported(operation, "parameter "+parameter.ParameterName+" of AppendDelimiterToRecord")
		}
		if text = parameter.ParameterValue; strings.TrimSpace(text) == "" || len(text) > maxParameter {
			return "", invalid("Processor parameter Delimiter has 1 to %d characters, not all of them white space.", maxParameter)
		}
	}
	return strings.NewReplacer(`\n`, "\n", `\r`, "\r", `\t`, "\t").Replace(text), nil
}

var functionARN = regexp.MustCompile(`^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[a-zA-Z0-9_-]{1,64}(?::[a-zA-Z0-9$_-]+)?$`)

// function reads the parameters of a Lambda processor.
func (p Processor) function(operation string) (*function, error) {
	f := &function{retries: defaultRetries, size: bytesOf(defaultFunctionSize), interval: defaultFunctionWait * time.Second}
	for _, parameter := range p.Parameters {
		if err := f.set(operation, parameter.ParameterName, parameter.ParameterValue); err != nil {
			return nil, err
		}
	}
	if f.arn == "" {
		return nil, invalid("A Lambda processor needs the parameter LambdaArn.")
	}
	return f, nil
}

func (f *function) set(operation, name, value string) error {
	wrong := func(must string) error {
		return invalid("Processor parameter %s %.100q must be %s.", name, value, must)
	}
	switch name {
	case "LambdaArn":
		if f.arn = value; !functionARN.MatchString(value) {
			return wrong("the ARN of a function")
		}
	case "RoleArn":
		if f.role = value; !wire.IsRole(value) {
			return wrong("the ARN of a role")
		}
	case "NumberOfRetries":
		n, err := strconv.Atoi(value)
		if f.retries = n; err != nil || n < 0 || n > maxRetries {
			return wrong("from 0 to " + strconv.Itoa(maxRetries))
		}
	case "BufferSizeInMBs":
		n, err := strconv.ParseFloat(value, 64)
		if f.size = bytesOf(n); err != nil || !(n >= minFunctionSize && n <= maxFunctionSize) {
			return wrong("from 0.2 to 3")
		}
	case "BufferIntervalInSeconds":
		n, err := strconv.Atoi(value)
		if f.interval = time.Duration(n) * time.Second; err != nil || n < 0 || n > maxInterval {
			return wrong("from 0 to " + strconv.Itoa(maxInterval))
		}
	default:
		return unsupported(operation, "parameter "+name+" of Lambda")
	}
	return nil
}

func bytesOf(mebibytes float64) int { return int(mebibytes * (1 << 20)) }
