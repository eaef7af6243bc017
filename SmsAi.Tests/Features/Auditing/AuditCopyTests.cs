using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SmsAi.Core.Features.Auditing;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Http;

namespace SmsAi.Tests.Features.Auditing;

/// <summary>The trail's copy outside: nothing is left out, whatever fails.</summary>
public sealed class AuditCopyTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly string _folder = Directory.CreateTempSubdirectory("smsai-audit-").FullName;
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task File_gets_each_row_as_a_line_in_order_and_goes_on_where_it_was()
    {
        var path = Path.Combine(_folder, "new", "audit.jsonl");
        await _database.FillAsync(7);
        await CopyAllAsync(new AuditFileSink(path));
        await _database.AppendAsync("user.tier", "user:4", """{"reason": "first\nsecond", "before": {"tier": "free"}}""");
        await CopyAllAsync(new AuditFileSink(path));

        var lines = await File.ReadAllLinesAsync(path);
        lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("row").GetInt64()).ShouldBe([1, 2, 3, 4, 5, 6, 7, 8]);
        var last = JsonDocument.Parse(lines[^1]).RootElement;
        last.GetProperty("hash").GetString().ShouldBe(await HashAsync(8));
        last.GetProperty("metadata").GetProperty("before").GetProperty("tier").GetString().ShouldBe("free");
    }

    [Fact]
    public async Task Each_hosts_file_has_the_whole_trail_also_when_they_write_at_once()
    {
        await _database.FillAsync(40);
        string[] paths = [Path.Combine(_folder, "web-1", "audit.jsonl"), Path.Combine(_folder, "web-2", "audit.jsonl")];

        await Task.WhenAll(paths.Select(path => CopyAllAsync(new AuditFileSink(path))));
        await _database.AppendAsync("service.pause", "switch:pause");
        await Task.WhenAll(paths.Select(path => CopyAllAsync(new AuditFileSink(path))));

        foreach (var path in paths)
            (await RowsAsync(path)).ShouldBe(Enumerable.Range(1, 41).Select(id => (long)id));
        (await new AuditCopies(_database.Databases).ReadAsync(None)).Select(copy => (copy.Sink, copy.Host, copy.CopiedId))
            .ShouldBe([("file", Environment.MachineName, 41), ("file", Environment.MachineName, 41)]);
    }

    [Fact]
    public async Task File_that_several_replicas_share_has_each_row_once_and_goes_on_when_it_is_rotated()
    {
        var path = Path.Combine(_folder, "audit.jsonl");
        await _database.FillAsync(30);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var sink = new AuditFileSink(path);
            while (await _database.ScalarAsync<long>("select coalesce(max(copied_id), 0) from audit_copies") < 30)
                await Copy(sink, rowsAtOnce: 4).RunOnceAsync(sink, None);
        })));
        (await RowsAsync(path)).ShouldBe(Enumerable.Range(1, 30).Select(id => (long)id));

        File.Move(path, path + ".1");
        await _database.AppendAsync("service.pause", "switch:pause");
        await CopyAllAsync(new AuditFileSink(path));

        (await RowsAsync(path)).ShouldBe([31]);
        Directory.GetFiles(_folder).Select(Path.GetFileName).Order().ShouldBe(["audit.jsonl", "audit.jsonl.1", "audit.jsonl.mark"]);
    }

    [Fact]
    public async Task Half_a_line_that_a_crash_left_costs_no_row()
    {
        var path = Path.Combine(_folder, "audit.jsonl");
        await File.WriteAllTextAsync(path, "{\"row\":1,\"ti");
        await _database.FillAsync(2);

        await CopyAllAsync(new AuditFileSink(path));

        (await File.ReadAllLinesAsync(path))[1..].Select(line => JsonDocument.Parse(line).RootElement.GetProperty("row").GetInt64()).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task Place_that_fails_is_tried_again_later_and_says_so_meanwhile()
    {
        await _database.FillAsync(3);
        var sink = new HandSink { Faults = new(["HTTP 503", "HTTP 503"]) };

        await CopyAllAsync(sink);
        var state = (await new AuditCopies(_database.Databases).ReadAsync(None)).ShouldHaveSingleItem();
        (state.Fault, state.Waiting, state.CopiedId).ShouldBe(("HTTP 503", 3, 0));
        state.FailingSince.ShouldNotBeNull();
        await CopyAllAsync(sink);
        sink.Asked.ShouldBe(1, "it is not time yet");

        await DueAsync();
        await CopyAllAsync(sink);
        (await _database.ScalarAsync<TimeSpan>("select next_try - clock_timestamp() from audit_copies")).TotalSeconds.ShouldBeInRange(5.1, 10, "ever later");
        await DueAsync();
        await CopyAllAsync(sink);

        sink.Kept.Select(row => row.Id).ShouldBe([1, 2, 3]);
        state = (await new AuditCopies(_database.Databases).ReadAsync(None)).Single();
        (state.Fault, state.FailingSince, state.Waiting).ShouldBe((null, null, 0));
    }

    [Fact]
    public async Task Replicas_together_copy_each_row_once()
    {
        await _database.FillAsync(60);
        var sink = new HandSink();

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            while (await _database.ScalarAsync<long>("select coalesce(max(copied_id), 0) from audit_copies") < 60)
                await Copy(sink, rowsAtOnce: 7).RunOnceAsync(sink, None);
        })));

        sink.Kept.Select(row => row.Id).ShouldBe(Enumerable.Range(1, 60).Select(id => (long)id));
    }

    [Fact]
    public async Task Replica_that_died_holding_the_lease_is_followed_and_its_rows_come_again_with_the_same_hash()
    {
        await _database.FillAsync(2);
        var sink = new HandSink();
        sink.AfterKeeping = () => throw new OperationCanceledException("killed here");
        await Should.ThrowAsync<OperationCanceledException>(() => Copy(sink).RunOnceAsync(sink, None));
        sink.AfterKeeping = null;

        (await Copy(sink).RunOnceAsync(sink, None)).ShouldBe(0, "the lease holds");
        await _database.ExecuteAsync("update audit_copies set lease_until = now() - interval '1 second'");
        (await Copy(sink).RunOnceAsync(sink, None)).ShouldBe(2);

        sink.Kept.Select(row => row.Id).ShouldBe([1, 2, 1, 2]);
        sink.Kept.Select(row => Convert.ToHexString(row.Hash)).Distinct().Count().ShouldBe(2);
    }

    /// <summary>As the superuser may, with the earlier verdicts gone too: only what is outside still knows.</summary>
    [Theory]
    [InlineData("update audit set hash = sha256('other') where id = 5; update audit_head set hash = sha256('other')", false)]
    [InlineData("delete from audit where id > 3; update audit_head set id = 3, hash = (select hash from audit where id = 3)", true)]
    [InlineData("truncate audit; update audit_head set id = 0, hash = decode(repeat('00', 32), 'hex')", true)]
    [InlineData("update audit set actor = 'Nobody' where id = 2; " + HandTrail.HashAnew, true)]
    public async Task Trail_that_was_rewritten_behind_the_copy_is_told_and_not_copied_over_it(string tampering, bool isMended)
    {
        await _database.FillAsync(5);
        var sink = new HandSink();
        await CopyAllAsync(sink);
        await _database.TamperAsync(tampering + "; delete from audit_verdicts");
        for (var line = 0; line < 5; line++) await _database.AppendAsync("service.pause", "switch:pause");
        (await HandTrail.Check(_database).VerifyAsync(HandTrail.Auditor, None)).IsWhole.ShouldBe(isMended);

        await CopyAllAsync(sink);

        sink.Kept.Count.ShouldBe(5);
        (await new AuditCopies(_database.Databases).ReadAsync(None)).Single().Fault.ShouldBe(AuditCopy.Rewritten);
    }

    [Fact]
    public async Task Redirect_is_a_refusal_and_is_not_followed()
    {
        await _database.FillAsync(1);
        await using var elsewhere = RawServer.Answering(200, "");
        await using var server = RawServer.Answering(307, "", $"Location: {elsewhere.Address}\r\n");
        using var clients = new Clients();

        await CopyAllAsync(new AuditWebhookSink(clients, server.Address, RandomNumberGenerator.GetBytes(32), TimeProvider.System));

        (await new AuditCopies(_database.Databases).ReadAsync(None)).Single().Fault.ShouldBe("HTTP 307");
        server.Requests.ShouldHaveSingleItem().ShouldNotContain("traceparent", Case.Insensitive);
        elsewhere.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Webhook_is_signed_over_what_it_posts_and_the_same_rows_have_the_same_id()
    {
        await _database.FillAsync(2);
        await using var server = new Listener();
        var key = RandomNumberGenerator.GetBytes(32);
        using var clients = new Clients();
        var sink = new AuditWebhookSink(clients, server.Url, key, TimeProvider.System);

        server.Answer = HttpStatusCode.ServiceUnavailable;
        await CopyAllAsync(sink);
        (await new AuditCopies(_database.Databases).ReadAsync(None)).Single().Fault.ShouldBe("HTTP 503");
        server.Answer = HttpStatusCode.NoContent;
        await DueAsync();
        await CopyAllAsync(sink);

        server.Posted.Count.ShouldBe(2);
        var (id, stamp, signature, body) = server.Posted.Last();
        server.Posted.First().Id.ShouldBe(id);
        signature.ShouldBe("v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{id}.{stamp}.{body}"))));
        DateTimeOffset.FromUnixTimeSeconds(long.Parse(stamp, CultureInfo.InvariantCulture)).ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
        JsonDocument.Parse(body).RootElement.GetProperty("data").EnumerateArray().Select(row => row.GetProperty("hash").GetString())
            .ShouldBe([await HashAsync(1), await HashAsync(2)]);
    }

    [Theory]
    [InlineData("http://siem.example.com/x", "whsec_MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI=", "AuditCopy:Url must be an https address.")]
    [InlineData("nowhere", "whsec_MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI=", "AuditCopy:Url must be an https address.")]
    [InlineData("https://siem.example.com/x", "short", "AuditCopy:Secret is missing or too short. It is whsec_ and 24 random bytes or more in base64: openssl rand -base64 32.")]
    [InlineData("https://siem.example.com/x", "whsec_MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI=", null)]
    [InlineData(null, null, null)]
    public void Wrong_settings_are_named_with_the_way_out(string? url, string? secret, string? fault) =>
        new AuditCopyOptions { Url = url, Secret = secret }.Faults().ShouldBe(fault is null ? [] : [fault]);

    private static async Task<IEnumerable<long>> RowsAsync(string path) =>
        (await File.ReadAllLinesAsync(path)).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("row").GetInt64());

    private async Task CopyAllAsync(IAuditSink sink)
    {
        while (await Copy(sink, rowsAtOnce: 3).RunOnceAsync(sink, None) > 0)
        {
            // As long as rows wait.
        }
    }

    private AuditCopy Copy(IAuditSink sink, int rowsAtOnce = 100) => new(
        _database.Databases, [sink], Options.Create(new AuditCopyOptions { RowsAtOnce = rowsAtOnce }), TimeProvider.System, NullLogger<AuditCopy>.Instance);

    private Task DueAsync() => _database.ExecuteAsync("update audit_copies set next_try = now()");

    private Task<string?> HashAsync(long id) => _database.ScalarAsync<string>("select encode(hash, 'hex') from audit where id = $1", id);

    /// <summary>A place outside that remembers what it was given.</summary>
    private sealed class HandSink : IAuditSink
    {
        public string Name => "webhook";

        public Queue<string> Faults { get; init; } = new();

        public ConcurrentQueue<AuditLine> Kept { get; } = new();

        public int Asked { get; private set; }

        public Action? AfterKeeping { get; set; }

        public Task<string?> DeliverAsync(IReadOnlyList<AuditLine> rows, CancellationToken cancel)
        {
            Asked++;
            if (Faults.TryDequeue(out var fault)) return Task.FromResult<string?>(fault);
            foreach (var row in rows) Kept.Enqueue(row);
            AfterKeeping?.Invoke();
            return Task.FromResult<string?>(null);
        }
    }

    /// <summary>A web server that takes posts.</summary>
    private sealed class Listener : IAsyncDisposable
    {
        private readonly HttpListener _server = new();
        private readonly Task _serving;

        public Listener()
        {
            using (var free = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
            {
                free.Start();
                Url = new Uri($"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/audit/");
            }

            _server.Prefixes.Add(Url.AbsoluteUri);
            _server.Start();
            _serving = ServeAsync();
        }

        public Uri Url { get; }

        public HttpStatusCode Answer { get; set; }

        public ConcurrentQueue<(string Id, string Stamp, string Signature, string Body)> Posted { get; } = new();

        public async ValueTask DisposeAsync()
        {
            _server.Close();
            await _serving;
        }

        private async Task ServeAsync()
        {
            while (true)
            {
                HttpListenerContext call;
                try
                {
                    call = await _server.GetContextAsync();
                }
                catch (Exception fault) when (fault is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }

                var (headers, body) = (call.Request.Headers, await new StreamReader(call.Request.InputStream).ReadToEndAsync());
                Posted.Enqueue((headers["webhook-id"]!, headers["webhook-timestamp"]!, headers["webhook-signature"]!, body));
                call.Response.StatusCode = (int)Answer;
                call.Response.Close();
            }
        }
    }

    private sealed class Clients : IHttpClientFactory, IDisposable
    {
        private readonly SocketsHttpHandler _handler = Core.Platform.Http.OutwardHttp.CreateHandler();

        public HttpClient CreateClient(string name) => new(_handler, disposeHandler: false);

        public void Dispose() => _handler.Dispose();
    }
}
