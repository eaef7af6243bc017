using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SmsAi.Tests.Platform.Faults;

/// <summary>The proxy does to a connection what it says.</summary>
public sealed class TcpFaultProxyTests : IAsyncLifetime
{
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(150);

    private readonly TcpListener _echo = new(IPAddress.Loopback, 0);
    private TcpFaultProxy _proxy = null!;
    private TcpClient _client = null!;
    private NetworkStream _stream = null!;
    private int _heard;

    public async ValueTask InitializeAsync()
    {
        _echo.Start();
        _ = EchoAsync();
        _proxy = TcpFaultProxy.Before(((IPEndPoint)_echo.LocalEndpoint).Port);
        _client = new TcpClient();
        await _client.ConnectAsync(IPAddress.Loopback, _proxy.Port);
        _stream = _client.GetStream();
        (await SayAsync("hello")).ShouldBe("hello");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _proxy.DisposeAsync();
        _echo.Dispose();
    }

    [Fact]
    public async Task A_stalled_direction_delivers_when_it_passes_again()
    {
        _proxy.Let(Flow.Stalls, Flow.Passes);
        var answer = SayAsync("later");
        await Task.Delay(Silence);
        answer.IsCompleted.ShouldBeFalse();
        _proxy.Heal();
        (await answer).ShouldBe("later");
    }

    [Fact]
    public async Task A_direction_that_is_cut_loses_the_answer_after_the_question_arrived()
    {
        _proxy.Let(Flow.Passes, Flow.IsCut);
        var before = _heard;
        var answer = SayAsync("lost");
        await Until.TrueAsync(() => _heard > before, "the question arrived");
        await Task.Delay(Silence);
        answer.IsCompleted.ShouldBeFalse();
        _proxy.Heal();
        await _stream.WriteAsync("next"u8.ToArray());
        (await answer).ShouldBe("next");
    }

    [Fact]
    public async Task Latency_is_felt_both_ways()
    {
        _proxy.Latency = TimeSpan.FromMilliseconds(60);
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        (await SayAsync("slow")).ShouldBe("slow");
        System.Diagnostics.Stopwatch.GetElapsedTime(started).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(100), "one way alone would be 60 ms");
    }

    [Fact]
    public async Task A_reset_breaks_the_connection_and_new_ones_come_about()
    {
        _proxy.ResetAll();
        await Should.ThrowAsync<IOException>(() => SayAsync("broken"));
        using var another = new TcpClient();
        await another.ConnectAsync(IPAddress.Loopback, _proxy.Port);
    }

    [Fact]
    public async Task A_half_open_connection_is_silent_and_stays()
    {
        _proxy.CloseTargetsSilently();
        var answer = SayAsync("anybody?");
        await Task.Delay(Silence);
        answer.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task A_refusing_proxy_takes_connections_again_on_its_port()
    {
        await _proxy.RefuseAsync();
        using (var refused = new TcpClient())
            await Should.ThrowAsync<SocketException>(() => refused.ConnectAsync(IPAddress.Loopback, _proxy.Port));
        _proxy.Accept();
        using var another = new TcpClient();
        await another.ConnectAsync(IPAddress.Loopback, _proxy.Port);
    }

    private async Task<string> SayAsync(string words)
    {
        await _stream.WriteAsync(Encoding.ASCII.GetBytes(words));
        var buffer = new byte[100];
        return Encoding.ASCII.GetString(buffer, 0, await _stream.ReadAsync(buffer));
    }

    private async Task EchoAsync()
    {
        try
        {
            while (true)
                _ = EchoAsync(await _echo.AcceptTcpClientAsync());
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task EchoAsync(TcpClient one)
    {
        using var _ = one;
        try
        {
            var buffer = new byte[100];
            while (await one.GetStream().ReadAsync(buffer) is > 0 and var count)
            {
                Interlocked.Increment(ref _heard);
                await one.GetStream().WriteAsync(buffer.AsMemory(0, count));
            }
        }
        catch (IOException)
        {
            // Broken, as the test wants.
        }
    }
}
