using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SmsAi.Tests.Platform.Http;

/// <summary>
/// An HTTP server below any framework: it keeps every request it read, byte for byte, and then does with the socket whatever the test says,
/// such as resetting it.
/// </summary>
public sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Func<Socket, string, Task> _answer;
    private readonly Task _accepting;

    // Nothing else holds on to an answer that never comes: it would be collected, and its socket closed.
    private readonly ConcurrentBag<Task> _serving = [];

    public RawServer(Func<Socket, string, Task> answer)
    {
        _answer = answer;
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync();
    }

    public Uri Address { get; }

    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>A server with the same answer for everybody.</summary>
    public static RawServer Answering(int status, string body, string headers = "") =>
        new((socket, _) => AnswerAsync(socket, status, body, headers));

    public static async Task AnswerAsync(Socket socket, int status, string body, string headers = "")
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var head = $"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {bytes.Length}\r\n{headers}\r\n";
        await socket.SendAsync(Encoding.ASCII.GetBytes(head));
        await socket.SendAsync(bytes);
    }

    /// <summary>Ends the connection the hard way, as a crashed proxy does.</summary>
    public static Task ResetAsync(Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
        return Task.CompletedTask;
    }

    /// <summary>From now on connections are refused; it may be asked twice.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _serving.Add(ServeAsync(await _listener.AcceptSocketAsync(_stopping.Token)));
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
            try
            {
                while (await ReadRequestAsync(socket) is { } request)
                {
                    Requests.Enqueue(request);
                    await _answer(socket, request);
                }
            }
            catch (Exception gone) when (gone is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // Either side hung up.
            }
    }

    private async Task<string?> ReadRequestAsync(Socket socket)
    {
        var read = new List<byte>();
        var buffer = new byte[8192];
        while (true)
        {
            var text = Encoding.UTF8.GetString([.. read]);
            if (text.IndexOf("\r\n\r\n", StringComparison.Ordinal) is var head and >= 0 && read.Count >= head + 4 + ContentLength(text[..head]))
                return text;
            var count = await socket.ReceiveAsync(buffer, _stopping.Token);
            if (count == 0)
                return null;
            read.AddRange(buffer.AsSpan(0, count));
        }
    }

    private static int ContentLength(string head) => head.Split("\r\n")
        .Where(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
        .Select(line => int.Parse(line["Content-Length:".Length..], System.Globalization.CultureInfo.InvariantCulture))
        .FirstOrDefault();
}
