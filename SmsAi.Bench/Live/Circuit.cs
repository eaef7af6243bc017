using System.Diagnostics;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.RegularExpressions;

namespace SmsAi.Bench.Live;

/// <summary>
/// One dashboard without a browser: a circuit of Blazor Server over its own web socket. It asks for the page's components, confirms each rendering,
/// and answers what the page asks of its script with nothing, or with an object where one is wanted.
/// </summary>
internal sealed partial class Circuit : IAsyncDisposable
{
    private const byte EndOfHandshake = 0x1e;
    private const int ObjectReference = 1;

    private readonly ClientWebSocket _socket = new();
    private readonly Action<ReadOnlySpan<byte>, long> _rendered;
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _leaving = new();
    private readonly OperatorSession _session;
    private Task _listening = Task.CompletedTask;
    private string? _id;

    private Circuit(OperatorSession session, Action<ReadOnlySpan<byte>, long> rendered) => (_session, _rendered) = (session, rendered);

    public long Batches { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>When the page's components were asked for.</summary>
    public long AskedAt { get; private set; }

    /// <summary>Why it ended by itself; null while it lives.</summary>
    public string? Fault { get; private set; }

    /// <summary>Opens a page; <paramref name="rendered"/> gets each render batch with the moment it came.</summary>
    public static async Task<Circuit> OpenAsync(
        OperatorSession session, Uri address, string path, Action<ReadOnlySpan<byte>, long> rendered, CancellationToken cancel)
    {
        var html = await session.GetAsync(path, cancel);
        var components = Components().Matches(html).Select(found => found.Groups["json"].Value).ToList();
        var state = State().Match(html).Groups["state"].Value;
        var circuit = new Circuit(session, rendered);
        circuit._socket.Options.SetRequestHeader("Cookie", session.Cookies);
        circuit._socket.Options.DangerousDeflateOptions = null;
        await circuit._socket.ConnectAsync(new UriBuilder(address) { Scheme = "ws", Path = "/_blazor" }.Uri, cancel);
        await circuit._socket.SendAsync(
            Encoding.UTF8.GetBytes("""{"protocol":"blazorpack","version":1}""").Append(EndOfHandshake).ToArray(), WebSocketMessageType.Text, true, cancel);
        circuit._listening = circuit.ListenAsync(circuit._leaving.Token);
        await circuit.SendAsync(Invocation("1", "StartCircuit", 4)
            .Add(address.AbsoluteUri).Add(new Uri(address, path).AbsoluteUri).Add("[]").Add(state));
        await circuit._started.Task.WaitAsync(TimeSpan.FromSeconds(60), cancel);
        circuit.AskedAt = Stopwatch.GetTimestamp();
        await circuit.SendAsync(Invocation(null, "UpdateRootComponents", 2).Add(Operations(components)).Add(state));
        return circuit;
    }

    /// <summary>Says goodbye as a browser does that leaves a page; without it the service keeps the page alive for minutes, in case she comes back.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_id is not null)
            await _session.LeaveAsync(_id);
        await _leaving.CancelAsync();
        await _listening;
        _socket.Dispose();
        _leaving.Dispose();
    }

    private static string Operations(List<string> components) =>
        $$"""{"batchId":1,"operations":[{{string.Join(',', components.Select((marker, index) => $$"""{"type":"add","ssrComponentId":{{index + 1}},"marker":{{marker}}}"""))}}]}""";

    private static PackWriter Invocation(string? id, string target, int arguments)
    {
        var message = new PackWriter().Array(5).Add(1).EmptyMap();
        message = id is null ? message.Nil() : message.Add(id);
        return message.Add(target).Array(arguments);
    }

    private Task SendAsync(PackWriter message) =>
        _socket.SendAsync(message.ToFrame(), WebSocketMessageType.Binary, true, _leaving.Token);

    private async Task ListenAsync(CancellationToken cancel)
    {
        try
        {
            var buffer = new byte[64 * 1024];
            var handshake = true;
            while (_socket.State == WebSocketState.Open)
            {
                var length = 0;
                ValueWebSocketReceiveResult part;
                do
                {
                    if (length == buffer.Length)
                        Array.Resize(ref buffer, buffer.Length * 2);
                    part = await _socket.ReceiveAsync(buffer.AsMemory(length), cancel);
                    length += part.Count;
                }
                while (!part.EndOfMessage);
                var at = Stopwatch.GetTimestamp();
                var begin = handshake ? Array.IndexOf(buffer, EndOfHandshake, 0, length) + 1 : 0;
                handshake = false;
                Bytes += length;
                foreach (var answer in Hear(buffer.AsSpan(begin..length), at))
                    await SendAsync(answer);
            }

            Fail("the socket was closed");
        }
        catch (Exception) when (cancel.IsCancellationRequested)
        {
            // Left by ourselves.
        }
        catch (Exception fault)
        {
            Fail(fault.Message);
        }
    }

    private void Fail(string fault)
    {
        Fault ??= fault;
        _started.TrySetException(new InvalidOperationException("The circuit did not start: " + fault));
    }

    private List<PackWriter> Hear(ReadOnlySpan<byte> frame, long at)
    {
        List<PackWriter> answers = [];
        while (PackReader.TryTakeMessage(ref frame, out var bytes))
        {
            var message = new PackReader(bytes);
            message.ReadArray();
            switch (message.ReadLong())
            {
                case 1 when Answer(ref message, at) is { } answer:
                    answers.Add(answer);
                    break;
                case 3:
                    Completed(ref message);
                    break;
                case 7:
                    message.Skip();
                    Fail("the service closed it");
                    break;
            }
        }

        return answers;
    }

    private void Completed(ref PackReader message)
    {
        const long Refused = 1;
        message.Skip();
        message.Skip();
        if (message.ReadLong() == Refused)
            Fail(message.ReadString() ?? "refused");
        else
        {
            _id ??= message.ReadString();
            _started.TrySetResult();
        }
    }

    private PackWriter? Answer(ref PackReader message, long at)
    {
        message.Skip();
        message.Skip();
        var target = message.ReadString();
        message.ReadArray();
        switch (target)
        {
            case "JS.RenderBatch":
                var batch = message.ReadLong();
                Batches++;
                _rendered(message.ReadBytes(), at);
                return Invocation(null, "OnRenderCompleted", 2).Add(batch).Nil();
            case "JS.BeginInvokeJS":
                var call = message.ReadLong();
                message.Skip();
                message.Skip();
                var result = message.ReadLong() == ObjectReference ? """{"__jsObjectId":1}""" : "null";
                return Invocation(null, "EndInvokeJSFromDotNet", 3).Add(call).Add(true)
                    .Add(string.Create(CultureInfo.InvariantCulture, $"[{call},true,{result}]"));
            case "JS.Error":
                Fail(message.ReadString() ?? "a fault on the page");
                return null;
            default:
                return null;
        }
    }

    [GeneratedRegex("<!--Blazor:(?<json>\\{.*?\\})-->", RegexOptions.Singleline)]
    private static partial Regex Components();

    [GeneratedRegex("<!--Blazor-Server-Component-State:(?<state>.*?)-->", RegexOptions.Singleline)]
    private static partial Regex State();
}
