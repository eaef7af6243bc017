using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SmsAi.Core.Features.Access;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Database;
using SmsAi.Tests.Journeys;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Privacy;

namespace SmsAi.Tests.Features.Access;

/// <summary>The access slice as the program registers it, on a database of its own and a clock the test moves.</summary>
internal sealed class AccessHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private AccessHost(TestDatabase database)
    {
        Database = database;
        var services = new ServiceCollection().AddLogging().AddAuditing().AddAccess(new ConfigurationBuilder().Build());
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton(database.Databases);
        services.AddSingleton(TestKeys.Masters);
        services.AddDbContextFactory<SmsAiDb>(options => options.UseNpgsql(database.Databases.Pages));
        _services = services.BuildServiceProvider();
    }

    public TestDatabase Database { get; }

    public ManualTime Time { get; } = new();

    public SetUpLinks Links => _services.GetRequiredService<SetUpLinks>();

    public static async Task<AccessHost> StartAsync() => new(await TestDatabase.CreateAsync());

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>As the set-up page does it: a scope per request.</summary>
    public async Task<NewAccountResult> MakeOwnerAsync(string token, string email = "mara@example.org", string password = "correct horse battery staple")
    {
        await using var scope = _services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<FirstOwner>().MakeByLinkAsync(token, "Mara", email, password, null, CancellationToken.None);
    }

    /// <summary>An operator with a role and an open session.</summary>
    public async Task<Actor> SignedInAsync(string email, string role)
    {
        await Operators.AddAsync(Database, email, role);
        var id = await Database.ScalarAsync<long>("select id from operators where email = $1", email);
        return await SignedInAsync(new Actor(email.Split('@')[0], id, role), email);
    }

    /// <summary>The same operator, at another browser.</summary>
    public async Task<Actor> SignedInAsync(Actor actor, string session)
    {
        await Get<OperatorSessions>().OpenAsync(
            new(session, actor.Id!.Value, System.Net.IPAddress.Loopback, "Mozilla/5.0", HasShownFactor: false, MustEnrol: false), CancellationToken.None);
        return actor with { Session = session };
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Database.DisposeAsync();
    }
}
