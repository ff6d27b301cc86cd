package fake

import (
	"fmt"
	"net"
	"sort"
	"strings"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
)

// maxMessage is the engine's own limit on a message, in bytes.
const maxMessage = 400 << 20

// Server serves a cloud's packages to the engine.
type Server struct {
	env       string
	listeners []net.Listener

	mu      sync.Mutex
	closed  bool
	servers []*grpc.Server
}

// Serve listens on the loopback interface, on a port for each plugin.
func (c *Cloud) Serve() (*Server, error) {
	s := &Server{}
	var names, ports []string
	for name := range c.plugins {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			s.Close()
			return nil, fmt.Errorf("serve the simulated package %s: %w", name, err)
		}
		s.listeners = append(s.listeners, l)
		ports = append(ports, fmt.Sprintf("%s:%d", name, l.Addr().(*net.TCPAddr).Port))
		go s.accept(l, c, c.plugins[name][0])
	}
	s.env = strings.Join(ports, ",")
	return s, nil
}

// DebugProviders is the value of PULUMI_DEBUG_PROVIDERS that attaches the
// engine to the server, so that it looks for no plugin.
func (s *Server) DebugProviders() string { return s.env }

// Close stops serving.
func (s *Server) Close() {
	for _, l := range s.listeners {
		l.Close()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for _, g := range s.servers {
		g.Stop()
	}
}

// accept gives each connection a provider of its own: the engine opens one for
// each provider of a program, and configures it there.
func (s *Server) accept(l net.Listener, c *Cloud, pkg *tables) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		g := grpc.NewServer(grpc.MaxRecvMsgSize(maxMessage))
		pulumirpc.RegisterResourceProviderServer(g, plugin.NewProviderServer(&provider{cloud: c, pkg: pkg}))
		if !s.keep(g) {
			conn.Close()
			return
		}
		go g.Serve(newSingle(conn))
	}
}

func (s *Server) keep(g *grpc.Server) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.servers = append(s.servers, g)
	}
	return !s.closed
}

// single is a listener of one connection.
type single struct {
	conn net.Conn
	next chan net.Conn
	once sync.Once
}

func newSingle(conn net.Conn) *single {
	s := &single{conn: conn, next: make(chan net.Conn, 1)}
	s.next <- conn
	return s
}

func (s *single) Accept() (net.Conn, error) {
	conn, ok := <-s.next
	if !ok {
		return nil, net.ErrClosed
	}
	return conn, nil
}

func (s *single) Close() error {
	s.once.Do(func() { close(s.next) })
	return nil
}

func (s *single) Addr() net.Addr { return s.conn.LocalAddr() }
