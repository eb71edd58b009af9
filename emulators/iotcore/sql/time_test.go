package sql_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
)

func TestParseTime(t *testing.T) {
	for expression, want := range map[string]string{
		// page Functions
		`parse_time("yyyy.MM.dd G 'at' HH:mm:ss z", 100000000, 'America/Belize')`: `"1970.01.01 AD at 21:46:40 CST"`,
		`parse_time('yyyy', timestamp(), 'UTC')`:                                  `"2026"`,
		`parse_time("yyyy.MM.dd G 'at' HH:mm:ss z", timestamp())`:                 `"2026.01.01 AD at 00:00:00 UTC"`,
		// letters of Joda-Time
		`parse_time("yy-M-d H:m:s.SSS", 1585903518045)`:                      `"20-4-3 8:45:18.045"`,
		`parse_time("yyyy-MM-dd'T'HH:mm:ss.SSSZZ", 1585903518045, "+01:00")`: `"2020-04-03T09:45:18.045+01:00"`,
		`parse_time("EEE, dd MMM yyyy hh:mm a Z", 1585903518045)`:            `"Fri, 03 Apr 2020 08:45 AM +0000"`,
		`parse_time("EEEE d MMMM", 1585903518045)`:                           `"Friday 3 April"`,
		`parse_time("x-'W'ww-e D kk KK h a", 1767225600000)`:                 `"2026-W01-4 1 24 00 12 AM"`,
		`parse_time("ZZZ SS S ''", 123, "Europe/Berlin")`:                    `"Europe/Berlin 12 1 '"`,
		`parse_time("CC YYYY y", -62198755200000)`:                           `"00 0002 -1"`,
		// conversions
		`parse_time("ss", "1000.9")`: `"01"`, `parse_time("SSS", 0.6)`: `"001"`,
		`parse_time("ss", true)`: "", `parse_time("ss", 1E30)`: "", `parse_time("ss")`: "", `parse_time(1, 2)`: "", `parse_time("ss", 1, 'Mars/Olympus')`: "", `parse_time("ss", 1, 'Local')`: "", `parse_time("ss", 1, '../etc/passwd')`: "",
	} {
		require.Equal(t, want, evaluated(t, expression, `{}`), expression)
	}
}

func TestTimeToEpoch(t *testing.T) {
	for expression, want := range map[string]string{
		// page Functions
		`time_to_epoch("2020-04-03 09:45:18 UTC+01:00", "yyyy-MM-dd HH:mm:ss VV")`:                  "1585903518000",
		`time_to_epoch("18 December 2015", "dd MMMM yyyy")`:                                         "1450396800000",
		`time_to_epoch("2007-12-03 10:15:30.592 America/Los_Angeles", "yyyy-MM-dd HH:mm:ss.SSS z")`: "1196705730592",
		// letters of java.time
		`time_to_epoch("20200403T084518Z", "yyyyMMdd'T'HHmmssX")`:                "1585903518000",
		`time_to_epoch("2020-04-03T09:45:18+01:00", "uuuu-MM-dd'T'HH:mm:ssXXX")`: "1585903518000",
		`time_to_epoch("2020-04-03 094518+0100", "uuuu-MM-dd HHmmssZ")`:          "1585903518000",
		`time_to_epoch("Fri, 3 Apr 2020 8:45 AM", "EEE, d MMM yyyy h:mm a")`:     "1585903500000",
		`time_to_epoch("3.4.20 12:00 AM", "d.M.yy hh:mm a")`:                     "1585872000000",
		`time_to_epoch("2020-094", "yyyy-DDD")`:                                  "1585872000000",
		`time_to_epoch("2020-02-31", "yyyy-MM-dd")`:                              "1582934400000",
		`time_to_epoch("1969-12-31", "yyyy-MM-dd")`:                              "-86400000",
		// what does not follow, or is no date
		`time_to_epoch("2020-04-03 x", "yyyy-MM-dd")`: "", `time_to_epoch("2020-13-03", "yyyy-MM-dd")`: "", `time_to_epoch("2020-04", "yyyy-MM")`: "", `time_to_epoch("2020-4-3", "yyyy-MM-dd")`: "",
		`time_to_epoch("Mon 2020-04-03", "EEE yyyy-MM-dd")`: "", `time_to_epoch("2020-04-03 08", "yyyy-MM-dd hh")`: "", `time_to_epoch("2020-04-03 PST", "yyyy-MM-dd z")`: "", `time_to_epoch("2020-04-03 25", "yyyy-MM-dd HH")`: "",
		`time_to_epoch("", "yyyy")`: "", `time_to_epoch("2020")`: "", `time_to_epoch(2020, "yyyy")`: "", `time_to_epoch("2020 04 03", "yyyy MM")`: "", `time_to_epoch("9999999999999999999-01-01", "u-MM-dd")`: "",
	} {
		require.Equal(t, want, evaluated(t, expression, `{}`), expression)
	}
}

func TestTimePatternsAreRefusedByName(t *testing.T) {
	for call, want := range map[string]string{
		`parse_time("yyyy q", 0)`: "at character 14: parse_time: the letter q", `parse_time("zzzz", 0)`: "full name", `parse_time("yyyy 'at", 0)`: "not closed",
		`time_to_epoch("", "YYYY-ww")`: "the letter Y", `time_to_epoch("", "[HH]")`: "the character [", `time_to_epoch("", "MMMMM")`: "MMMMM in a time pattern", `time_to_epoch("", "V")`: "V in a time pattern",
	} {
		_, err := sql.Parse(`SELECT VALUE ` + call + ` FROM 'a'`)
		require.ErrorContains(t, err, want, call)
	}
	_, _, err := selected(t, `SELECT VALUE parse_time(p, 0) FROM 'a'`, `{"p":"q"}`)
	require.ErrorContains(t, err, "parse_time: the letter q")
	_, _, err = selected(t, `SELECT VALUE time_to_epoch('', p) FROM 'a'`, `{"p":"Q"}`)
	require.ErrorContains(t, err, "time_to_epoch: the letter Q")
}
