// Puts to an etcd through etcd's own client, each client its own key, the next put when the one before is answered:
//
//	etcd-client ENDPOINT CONNECTIONS CLIENTS SECONDS VALUE_BYTES
//
// Writes what each put took to stdout, as nanoseconds in 64 bits, little endian.
package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"go.etcd.io/etcd/clientv3"
)

func main() {
	if len(os.Args) != 6 {
		fail(fmt.Errorf("usage: etcd-client ENDPOINT CONNECTIONS CLIENTS SECONDS VALUE_BYTES"))
	}
	connections := connect(os.Args[1], number(os.Args[2]))
	took := make([][]int64, number(os.Args[3]))
	end := time.Now().Add(time.Duration(number(os.Args[4])) * time.Second)
	value := strings.Repeat("x", number(os.Args[5]))
	var running sync.WaitGroup
	for i := range took {
		running.Add(1)
		go func(i int) {
			defer running.Done()
			took[i] = puts(connections[i%len(connections)], fmt.Sprintf("bench/%d", i), value, end)
		}(i)
	}
	running.Wait()
	report(took)
}

func connect(endpoint string, count int) []*clientv3.Client {
	connections := make([]*clientv3.Client, count)
	for i := range connections {
		client, err := clientv3.New(clientv3.Config{Endpoints: []string{endpoint}, DialTimeout: 5 * time.Second})
		if err != nil {
			fail(err)
		}
		connections[i] = client
	}
	return connections
}

func puts(client *clientv3.Client, key, value string, end time.Time) []int64 {
	var took []int64
	for began := time.Now(); began.Before(end); began = time.Now() {
		if _, err := client.Put(context.Background(), key, value); err != nil {
			fail(err)
		}
		took = append(took, int64(time.Since(began)))
	}
	return took
}

func report(took [][]int64) {
	out := bufio.NewWriter(os.Stdout)
	for _, each := range took {
		if err := binary.Write(out, binary.LittleEndian, each); err != nil {
			fail(err)
		}
	}
	if err := out.Flush(); err != nil {
		fail(err)
	}
}

func number(text string) int {
	value, err := strconv.Atoi(text)
	if err != nil {
		fail(err)
	}
	return value
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "etcd-client:", err)
	os.Exit(1)
}
