// goqite, measured by itself: `peer OPERATION COUNT DIRECTORY` prints {"operations":…,"seconds":…}. One job is one row
// with 1 KB of body. The connection is opened as goqite's README opens it; `full` and `normal` are SQLite's `synchronous`.
package main

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	_ "github.com/mattn/go-sqlite3"
	"maragu.dev/goqite"
)

const together = 100

//go:embed schema_sqlite.sql
var schema string

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "goqite:", err)
		os.Exit(1)
	}
}

type bench struct {
	db    *sql.DB
	queue *goqite.Queue
	body  []byte
}

func (b *bench) inTransaction(work func(tx *sql.Tx)) {
	tx, err := b.db.BeginTx(context.Background(), nil)
	must(err)
	work(tx)
	must(tx.Commit())
}

func (b *bench) send(count int) {
	for made := 0; made < count; made += together {
		b.inTransaction(func(tx *sql.Tx) {
			for i := 0; i < together; i++ {
				must(b.queue.SendTx(context.Background(), tx, goqite.Message{Body: b.body}))
			}
		})
	}
}

func (b *bench) claimOneByOne(count int) {
	for i := 0; i < count; i++ {
		message, err := b.queue.Receive(context.Background())
		must(err)
		must(b.queue.Delete(context.Background(), message.ID))
	}
}

// In transactions of the caller's.
func (b *bench) claimTogether(count int) {
	for done := 0; done < count; done += together {
		var claimed []goqite.ID
		b.inTransaction(func(tx *sql.Tx) {
			for i := 0; i < together; i++ {
				message, err := b.queue.ReceiveTx(context.Background(), tx)
				must(err)
				claimed = append(claimed, message.ID)
			}
		})
		b.inTransaction(func(tx *sql.Tx) {
			for _, id := range claimed {
				must(b.queue.DeleteTx(context.Background(), tx, id))
			}
		})
	}
}

func timed(operations int, work func()) {
	start := time.Now()
	work()
	fmt.Printf("{\"operations\":%d,\"seconds\":%f}\n", operations, time.Since(start).Seconds())
}

func main() {
	if len(os.Args) != 4 {
		must(fmt.Errorf("expected OPERATION COUNT DIRECTORY"))
	}
	operation, folder := os.Args[1], os.Args[3]
	count, err := strconv.Atoi(os.Args[2])
	must(err)
	synchronous := "NORMAL"
	if strings.HasSuffix(operation, "-full") {
		synchronous = "FULL"
	}
	db, err := sql.Open("sqlite3", "file:"+folder+"/goqite.db?_journal=WAL&_timeout=5000&_fk=true&_sync="+synchronous)
	must(err)
	db.SetMaxOpenConns(1)
	db.SetMaxIdleConns(1)
	_, err = db.Exec(schema)
	must(err)
	queue := goqite.New(goqite.NewOpts{DB: db, Name: "export", Timeout: time.Hour})
	b := &bench{db: db, queue: queue, body: []byte(strings.Repeat("person.name.firstName,", 46)[:1000])}
	whole := (count + together - 1) / together * together

	switch strings.TrimSuffix(strings.TrimSuffix(operation, "-full"), "-normal") {
	case "create":
		timed(count, func() {
			for i := 0; i < count; i++ {
				must(b.queue.Send(context.Background(), goqite.Message{Body: b.body}))
			}
		})
	case "create100":
		timed(whole, func() { b.send(whole) })
	case "claim":
		b.send(2 * whole)
		timed(count, func() { b.claimOneByOne(count) })
	case "claim100":
		b.send(2 * whole)
		timed(whole, func() { b.claimTogether(whole) })
	default:
		fmt.Println("{}")
	}
}
