using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace SmsAi.Tests.Platform.Faults;

/// <summary>What a proxy does with the bytes of one direction.</summary>
public enum Flow
{
    /// <summary>They pass.</summary>
    Passes,

    /// <summary>They wait, and pass when the direction passes again: a stalled peer.</summary>
    Stalls,

    /// <summary>They are lost while both ends believe in the connection: a cut line, or half of one.</summary>
    IsCut,
}

/// <summary>A TCP proxy on loopback that makes the network between the program and another party slow, silent, one-way or gone.</summary>
public sealed class TcpFaultProxy : IAsyncDisposable
{
    private readonly int _target;
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentDictionary<Pair, bool> _pairs = [];
    private readonly Direction _toTarget = new();
    private readonly Direction _toCaller = new();
    private TcpListener _listener;
    private Task _accepting;

    private TcpFaultProxy(int target)
    {
        _target = target;
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync(_listener);
    }

    public int Port { get; }

    public int Open => _pairs.Count;

    /// <summary>How long each piece takes, each way.</summary>
    public TimeSpan Latency { get; set; }

    public static TcpFaultProxy Before(int port) => new(port);

    /// <summary>What happens to the bytes of each direction from now on, on open connections and new ones.</summary>
    public void Let(Flow toTargetFlow, Flow toCallerFlow) => (_toTarget.Flow, _toCaller.Flow) = (toTargetFlow, toCallerFlow);

    /// <summary>Everything passes again.</summary>
    public void Heal() => Let(Flow.Passes, Flow.Passes);

    /// <summary>Breaks every open connection with a reset at both ends; new ones come about.</summary>
    public void ResetAll()
    {
        foreach (var pair in _pairs.Keys)
            pair.Reset();
    }

    /// <summary>Half-open: the other party's ends are closed, and the callers are not told.</summary>
    public void CloseTargetsSilently()
    {
        foreach (var pair in _pairs.Keys)
            pair.CloseTarget();
    }

    /// <summary>Connections are refused from now on; open ones break.</summary>
    public async Task RefuseAsync()
    {
        _listener.Stop();
        await _accepting;
        ResetAll();
    }

    /// <summary>Connections come about again, on the same port.</summary>
    public void Accept()
    {
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        _accepting = AcceptAsync(_listener);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await RefuseAsync();
        _ending.Dispose();
    }

    private async Task AcceptAsync(TcpListener from)
    {
        try
        {
            while (true)
                _ = CarryAsync(await from.AcceptSocketAsync(_ending.Token));
        }
        // Between two connections a stopped listener says so as an invalid operation.
        catch (Exception over) when (over is SocketException or OperationCanceledException or InvalidOperationException)
        {
            // It refuses from now on.
        }
    }

    private async Task CarryAsync(Socket caller)
    {
        using var pair = new Pair(caller, new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
        caller.NoDelay = true;
        try
        {
            await pair.Target.ConnectAsync(IPAddress.Loopback, _target, _ending.Token);
            _pairs[pair] = true;
            await Task.WhenAny(PumpAsync(caller, pair.Target, _toTarget, pair), PumpAsync(pair.Target, caller, _toCaller, pair)).Unwrap();
        }
        catch (Exception over) when (over is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            pair.Reset();
        }
        finally
        {
            _pairs.TryRemove(pair, out _);
        }
    }

    private async Task PumpAsync(Socket from, Socket to, Direction direction, Pair pair)
    {
        try
        {
            await CopyAsync(from, to, direction, pair);
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException && pair.IsHalfOpen)
        {
            // Only one end knows.
        }

        // The end of a cut line is not heard either.
        if (direction.Flow == Flow.IsCut || pair.IsHalfOpen)
            await Task.Delay(Timeout.Infinite, pair.Gone).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task CopyAsync(Socket from, Socket to, Direction direction, Pair pair)
    {
        var buffer = new byte[32 * 1024];
        while (await from.ReceiveAsync(buffer, _ending.Token) is > 0 and var count)
        {
            if (Latency > TimeSpan.Zero)
                await Task.Delay(Latency, _ending.Token);
            await direction.WhileStalledAsync(_ending.Token);
            for (var sent = 0; sent < count && direction.Flow != Flow.IsCut && !pair.IsHalfOpen;)
                sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), _ending.Token);
        }
    }

    private sealed class Direction
    {
        private volatile TaskCompletionSource _passing = Completed();
        private volatile Flow _flow;

        public Flow Flow
        {
            get => _flow;
            set
            {
                _flow = value;
                if (value == Flow.Stalls && _passing.Task.IsCompleted)
                    _passing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                else if (value != Flow.Stalls)
                    _passing.TrySetResult();
            }
        }

        public Task WhileStalledAsync(CancellationToken cancel) => _passing.Task.WaitAsync(cancel);

        private static TaskCompletionSource Completed()
        {
            var source = new TaskCompletionSource();
            source.SetResult();
            return source;
        }
    }

    private sealed class Pair(Socket caller, Socket target) : IDisposable
    {
        private readonly CancellationTokenSource _gone = new();

        public Socket Target => target;

        public CancellationToken Gone => _gone.Token;

        public bool IsHalfOpen { get; private set; }

        public void Reset()
        {
            Abort(caller);
            Abort(target);
            _gone.Cancel();
        }

        public void CloseTarget()
        {
            IsHalfOpen = true;
            target.Dispose();
        }

        public void Dispose()
        {
            caller.Dispose();
            target.Dispose();
        }

        private static void Abort(Socket socket)
        {
            try
            {
                socket.LingerState = new LingerOption(true, 0);
            }
            catch (Exception over) when (over is SocketException or ObjectDisposedException)
            {
                // It is closed already.
            }

            socket.Dispose();
        }
    }
}
