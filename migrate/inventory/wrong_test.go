package inventory

import (
	"compress/gzip"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A file that is not what it claims to be, is empty, cut off or encrypted ends
// in one clear error that names it, in every reader.
func TestWrongInputs(t *testing.T) {
	binary := "\x8a\x00\x01\x99" + strings.Repeat("\x00\xff\x13", 500)
	for _, c := range []struct {
		name, file, content string
		reader              Reader
		want                string
	}{
		{"no sockets", "web01.ss.txt", "hello\nworld\n", socketDump{}, "no socket line in it"},
		{"binary dump", "web01.ss.txt", binary, socketDump{}, "binary data"},
		{"nameless dump", "ss.txt", "tcp LISTEN 0 1 0.0.0.0:80 0.0.0.0:*\n", socketDump{}, "nothing tells which server this is"},
		{"not a flow log", "vpc.log", "a b c\n", vpcFlowLog{}, "neither a header of flow log fields nor a record"},
		{"empty flow log", "vpc.log", "\n", vpcFlowLog{}, "no flow log record in it"},
		{"zeek without its top", "conn.log", "1784541600\tC1\t10.0.1.11\n", zeekLog{}, "before any #fields line"},
		{"empty zeek log", "conn.log", "", zeekLog{}, "no Zeek record in it"},
		{"flows without a destination", "flows.csv", "source,port\na,1\n", flowCSV{}, "no column for the destination"},
		{"empty flows", "flows.csv", "", flowCSV{}, "empty: it has no header"},
		{"servers without a header", "servers.csv", "a,b\n1,2\n", plainCSV{}, "no header with a server's name"},
		{"an open quote", "servers.csv", "name,os,cpus\nweb01,\"Debian,8\nweb02,x,8\n", plainCSV{}, "cut off"},
		{"not an intake form", "cmf.csv", "a,b\n1,2\n", cmfIntake{}, "no sheet with a header of server_name"},
		{"not an import", "hub.csv", "a,b\n1,2\n", adsImport{}, "no column for the server"},
		{"not an agent's file", "x_osInfo.csv", "a,b\n1,2\n", adsAgent{}, "no column for the agent"},
		{"not an Azure import", "azure.csv", "a,b\n1,2\n", azureImport{}, "no column for the server"},
		{"no dependencies", "dep.csv", "Source server name,Destination server name,Destination port\n", azureDependencies{}, "no dependency in it"},
		{"not Azure dependencies", "dep.csv", "a,b\n1,2\n", azureDependencies{}, "no column for the source and the destination"},
		{"not a report", "report.xlsx", "a,b\n1,2\n", azureReport{}, "not a workbook"},
		{"not a Migration Center table", "vmInfo.csv", "a,b\n1,2\n", migrationCenter{}, "no column for the machine"},
		{"facts cut off", "web01.json", `{"ansible_facts": {"ansible_hostname": "we`, ansibleFacts{}, "the file is cut off"},
		{"facts broken", "web01.json", "{\n\"ansible_facts\" 1}", ansibleFacts{}, "line 2: not JSON"},
		{"no facts", "web01.json", `{}`, ansibleFacts{}, "no host with facts"},
		{"statistics without a metric", "stats.csv", "Entity,Timestamp,Value\nweb01,2026-07-20,5\n", vcenterUse{}, "nothing tells what is measured"},
		{"statistics without a time", "stats.csv", "Entity,MetricId,Value\nweb01,cpu.usage.average,5\n", vcenterUse{}, "empty: it has no header"},
		{"view without known metrics", "view.csv", "Name,Timestamp,Rack\nweb01,2026-07-20,5\n", vropsUse{}, "no column of CPU, memory, disk or network use"},
		{"an instant query", "cpu.json", `{"status":"success","data":{"resultType":"vector","result":[]}}`, prometheusUse{}, "ask query_range"},
		{"a failed query", "cpu.json", `{"status":"error","error":"parse error"}`, prometheusUse{}, "Prometheus answered with an error: parse error"},
		{"a cut answer", "cpu.json", `{"status":"success","data":{"resultType":"matrix","result":[{"metr`, prometheusUse{}, "the file is cut off"},
		{"no metric data", "cw.json", `{"Messages":[]}`, cloudwatchUse{}, "neither MetricDataResults nor Datapoints"},
		{"no access log", "access.log", "hello\n", accessLog{}, "no line of the common or combined log format"},
		{"binary access log", "access.log", binary, accessLog{}, "binary data"},
		{"a clock gone wrong", "access.log", "1.2.3.4 - - [01/Jan/1996:00:00:00 +0000] \"GET / HTTP/1.1\" 200 1\n1.2.3.4 - - [01/Jan/2026:00:00:00 +0000] \"GET / HTTP/1.1\" 200 1\n", accessLog{}, "take out those with a wrong clock"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := c.reader.Read(context.Background(), inputFrom(t, c.file, c.content))
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), c.file) {
				t.Errorf("error %v, want one that names %s and says %q", err, c.file, c.want)
			}
		})
	}
}

// Every fixture cut off anywhere gives a batch whose rows are accounted for or
// an error that names the file; never a panic.
func TestCutInputs(t *testing.T) {
	for _, f := range formatFixtures {
		path := filepath.Join("testdata", "in", filepath.FromSlash(f.file))
		content, err := os.ReadFile(path)
		if err != nil {
			continue // a folder
		}
		for at := 0; at < len(content); at += 1 + len(content)/23 {
			in := inputFrom(t, filepath.Base(path), string(content[:at]))
			f.reader.Detect(in)
			b, err := f.reader.Read(context.Background(), in)
			if err == nil {
				checkAccount(t, b)
			} else if !strings.Contains(err.Error(), filepath.Base(path)) {
				t.Errorf("%s cut at %d: the error does not name the file: %v", f.file, at, err)
			}
		}
	}
}

func TestGzipBombIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "access.log.gz")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	z, _ := gzip.NewWriterLevel(f, gzip.BestCompression)
	line := []byte(strings.Repeat("a", 1<<16) + "\n")
	for range (gzipFloor >> 16) + 64 {
		z.Write(line)
	}
	z.Close()
	f.Close()
	head, _ := os.ReadFile(path)
	_, err = accessLog{}.Read(context.Background(), Input{Name: "access.log.gz", Path: path, Head: head[:min(len(head), headBytes)]})
	if err == nil || !strings.Contains(err.Error(), "times its size") {
		t.Errorf("error %v, want a refusal of what unpacks to %d times its size", err, gzipRatio)
	}
}

func TestGzipCutOff(t *testing.T) {
	content, err := os.ReadFile(filepath.Join("testdata", "in", "access-2.log.gz"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = accessLog{}.Read(context.Background(), inputFrom(t, "access.log.gz", string(content[:len(content)-20])))
	if err == nil || !strings.Contains(err.Error(), "in the middle of its compressed data") {
		t.Errorf("error %v, want one that says that the file is cut off", err)
	}
}

func TestLongLineIsRefused(t *testing.T) {
	_, err := accessLog{}.Read(context.Background(), inputFrom(t, "access.log", strings.Repeat("x", maxLine+2)))
	if err == nil || !strings.Contains(err.Error(), "longer than") {
		t.Errorf("error %v, want one about the line's length", err)
	}
}
