using System.Net;
using System.Security.Cryptography;
using SmsAi.Bench.Loopback;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Faults;
using SmsAi.Tests.Platform.Faults.Mutants;
using SmsAi.Tests.Platform.Redis;

namespace SmsAi.Tests.Journeys;

/// <summary>The whole service as it runs in Production: replicas of the program, their database and Redis, and the outside parties.</summary>
public sealed class Service : IAsyncDisposable
{
    /// <summary>What webhooks are signed over; nobody resolves it.</summary>
    public const string PublicUrl = "http://texts.example.org";

    public const string OwnerEmail = "owner@example.org";

    private readonly List<AppProcess> _replicas = [];
    private readonly List<string> _lastWords = [];
    private readonly List<IAsyncDisposable> _own = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("smsai-journey-").FullName;

    private Service(TestDatabase database) => Database = database;

    public TestDatabase Database { get; }

    public TestRedis? Redis { get; private init; }

    /// <summary>Null in the sandbox, which plays the carrier itself.</summary>
    public LoopbackCarrier? OutsideCarrier { get; private init; }

    public LoopbackCarrier Carrier => OutsideCarrier!;

    public LoopbackModel Model { get; private init; } = null!;

    public RoadDriver Driver { get; private set; } = null!;

    public SignedWebhooks Webhooks { get; private init; } = null!;

    /// <summary>What each replica is started with.</summary>
    public Dictionary<string, string> Settings { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The first replica.</summary>
    public AppProcess App => _replicas[0];

    public IReadOnlyList<AppProcess> Replicas => _replicas;

    public string LogFolder => Path.Combine(_folder, "logs");

    /// <summary>With the loopback carrier and model, short times, and an owner who can sign in; not started yet.</summary>
    public static async Task<Service> PrepareAsync(TestPostgres? postgres = null, TestRedisServer? redis = null, bool withRedis = true)
    {
        var carrier = await LoopbackCarrier.StartAsync();
        carrier.PublicBaseUrl = PublicUrl;
        var model = await LoopbackModel.StartAsync();
        var service = new Service(await TestDatabase.CreateAsync(postgres))
        {
            Redis = withRedis ? await TestRedis.CreateAsync(redis) : null,
            OutsideCarrier = carrier,
            Model = model,
            Driver = new RoadDriver(carrier, model),
            Webhooks = new SignedWebhooks(carrier),
        };
        service._own.AddRange([carrier, model]);
        if (Environment.GetEnvironmentVariable(MutantTests.SqlVariable) is { Length: > 0 } sql)
            await service.Database.ExecuteAsync(sql);
        service.SetCommon();
        service.Set([.. carrier.Settings(PublicUrl), .. model.Settings()]);
        return service;
    }

    public static async Task<Service> StartAsync(params (string Key, string Value)[] settings)
    {
        var service = await PrepareAsync();
        foreach (var (key, value) in settings)
            service.Settings[key] = value;
        await service.AddReplicaAsync();
        return service;
    }

    /// <summary>Without credentials for carrier and model: the sandbox plays both. Nobody can sign in yet.</summary>
    public static async Task<Service> SandboxAsync(bool withOwner = false)
    {
        var service = new Service(await TestDatabase.CreateAsync()) { Redis = await TestRedis.CreateAsync() };
        service.SetCommon();
        if (!withOwner)
        {
            service.Settings.Remove("Admin:Email");
            service.Settings.Remove("Admin:Password");
        }

        await service.AddReplicaAsync();
        return service;
    }

    public async Task<AppProcess> AddReplicaAsync()
    {
        var replica = await AppProcess.StartAsync(Settings);
        _replicas.Add(replica);
        await WarmAsync(replica);
        if (Settings.ContainsKey("Admin:Email"))
            await Until.TrueAsync(async () => await Database.ScalarAsync<long>("select count(*) from operators") > 0, "the first owner is made");
        if (OutsideCarrier is { Product: null } carrier)
            carrier.Product = replica.Address;
        return replica;
    }

    // What a program does for the first time it does slowly; a report about nothing changes nothing.
    private async Task WarmAsync(AppProcess replica)
    {
        if (OutsideCarrier is not null)
            await Until.TrueAsync(async () => await ReportNothingAsync(replica) == HttpStatusCode.OK, "the first report is taken");
    }

    private async Task<HttpStatusCode> ReportNothingAsync(AppProcess replica)
    {
        using var response = await Webhooks.PostAsync(replica, "/sms/status", Webhooks.StatusOf("SM" + new string('0', 32), "+12025550100", "sent"));
        return response.StatusCode;
    }

    /// <summary>Ends a replica at once and starts another in its place.</summary>
    public async Task ReplaceAsync(AppProcess replica) => await (await RelaunchAsync(replica)).ReadyAsync();

    /// <summary>The same, without waiting until the other is ready.</summary>
    public async Task<AppProcess> RelaunchAsync(AppProcess replica)
    {
        if (!replica.HasEnded)
            await replica.KillAsync();
        await replica.DisposeAsync();
        _lastWords.Add($"{DateTime.UtcNow:HH:mm:ss.fff} replaced{Complaints(replica)}");
        var place = _replicas.IndexOf(replica);
        _replicas[place] = await AppProcess.LaunchAsync(Settings);
        if (OutsideCarrier is { } carrier && carrier.Product == replica.Address)
            carrier.Product = _replicas[place].Address;
        return _replicas[place];
    }

    /// <summary>Carrier and model do nothing unusual any more.</summary>
    public void Settle()
    {
        (Carrier.Script.Decide, Carrier.Script.Receipts, Carrier.Script.LatencyBefore, Carrier.Script.LatencyAfter) = (null, null, null, null);
        (Carrier.Script.IsListAway, Carrier.Script.Rules) = (false, new WebhookRules());
        (Model.Decide, Model.Latency) = (null, null);
    }

    /// <summary>A driver that knows nothing of what was before.</summary>
    public void BeginAnew() => Driver = new RoadDriver(Carrier, Model);

    /// <summary>Waits until nothing is left to do but what is held.</summary>
    public async Task IdleAsync(double seconds = 60)
    {
        IReadOnlyList<string> left = [];
        await Until.TrueAsync(
            async () => (left = await Database.ListAsync<string>(
                """
                select format('%s %s of conversation %s: tries %s, crashes %s, looks %s, fault %s, answer %s', q.state, q.id, q.conversation_id, q.tries, q.crashes, q.looks,
                  q.last_fault, (select m.state from messages m where m.id = q.outbound_id)) from queue q where q.state <> 'held'
                union all select format('lease of conversation %s until %s', id, lease_until) from conversations where lease_until is not null
                """)).Count == 0,
            () => "all work is done; left are " + string.Join("; ", left.Take(10)) + string.Concat(Replicas.Select(Complaints)), seconds);
    }

    private static string Complaints(AppProcess replica) =>
        $"\n{replica.Address} complained:\n" + string.Join('\n', replica.Output.Split('\n').Where(line => line.Contains(" WARN ", StringComparison.Ordinal) || line.Contains(" ERROR ", StringComparison.Ordinal)).TakeLast(20));

    public Task<RoadReport> CheckAsync() => RoadChecker.CheckAsync(Driver, Database);

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in _replicas)
            await replica.DisposeAsync();
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
            ShowLogs();
        foreach (var part in _own)
            await part.DisposeAsync();
        await Database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private void ShowLogs()
    {
        foreach (var words in _lastWords)
            TestContext.Current.TestOutputHelper?.WriteLine(words);
        foreach (var replica in _replicas)
            TestContext.Current.TestOutputHelper?.WriteLine($"{replica.Address} said:\n{replica.Output}");
    }

    private void SetCommon() => Set(
    [
        new("ConnectionStrings:Postgres", Database.ConnectionString),
        new("ConnectionStrings:Redis", Redis?.ConnectionString),
        new("Privacy:PhoneHashKey", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))),
        new("Privacy:EncryptionKey", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))),
        new("Admin:Email", OwnerEmail),
        new("Admin:Password", Operators.Password),
        new("Data:Folder", Path.Combine(_folder, "data")),
        new("Logs:Folder", LogFolder),
        new("Queue:Lease", "00:00:02"),
        new("Queue:Settle", "00:00:02.200"),
        new("Queue:Poll", "00:00:00.250"),
        new("Twilio:TimeoutSeconds", "2"),
        new("OpenAI:TimeoutSeconds", "3"),
        // A slow machine is not an absent database; the outage's own test takes this away.
        new("Intake:Patience", "00:00:10"),
        // Crowds here are no loops, and pay nothing.
        new("LoopGuard:Enabled", "false"),
        new("Limits:free:PerMinute", "0"),
        new("Limits:free:PerDay", "0"),
    ]);

    private void Set(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        foreach (var (key, value) in settings)
        {
            if (value is not null)
                Settings[key] = value;
        }
    }
}
