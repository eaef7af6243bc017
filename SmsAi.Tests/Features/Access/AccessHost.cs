using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SmsAi.Core.Features.Access;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Database;
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
    public async Task<FirstOwnerResult> MakeOwnerAsync(string token, string email = "mara@example.org", string password = "correct horse battery staple")
    {
        await using var scope = _services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<FirstOwner>().MakeByLinkAsync(token, "Mara", email, password, null, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Database.DisposeAsync();
    }
}
