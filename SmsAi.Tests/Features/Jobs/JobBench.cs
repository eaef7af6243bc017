using System.ComponentModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quartz;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.Jobs;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Scheduling;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Features.Jobs;

/// <summary>Replicas with a scheduler and three jobs of their own: one on demand, one that fails, one every second.</summary>
static class JobBench
{
    public const string Rarely = "0 0 3 1 1 ?";

    public static Actor Mara { get; } = new("Mara", 7, OperatorRoles.Admin);

    public static async Task<IHost> StartAsync(TestDatabase database, Gate gate)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:Postgres", database.ConnectionString)]);
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Services.AddSingleton(gate).AddSingleton(provider => new Replica(provider.GetRequiredService<Databases>().Pages));
        builder.Services.AddDatabase(builder.Configuration).AddScheduling().AddJobs();
        builder.Services.AddClusteredJob<GatedJob>("gated", Rarely).AddClusteredJob<FailingJob>("failing", Rarely).AddClusteredJob<TickingJob>("ticking", "* * * * * ?");
        var host = builder.Build();
        await host.StartAsync();
        // Its row is what tells a running run from a lost one.
        await host.Services.GetRequiredService<Replica>().IdAsync(CancellationToken.None);
        return host;
    }

    public static async Task<JobView> JobAsync(this IHost host, string name) =>
        (await host.Services.GetRequiredService<JobList>().ReadAsync(CancellationToken.None)).Single(job => job.Name == name);

    public static JobActs Acts(this IHost host) => host.Services.GetRequiredService<JobActs>();

    /// <summary>Holds a running job until a test lets it go on.</summary>
    public sealed class Gate
    {
        public SemaphoreSlim Open { get; } = new(0);
    }

    [Description("Waits at the gate.")]
    public sealed class GatedJob(Gate gate) : IJob
    {
        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await gate.Open.WaitAsync(cancellationToken);
    }

    [Description("Fails.")]
    public sealed class FailingJob : IJob
    {
        public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => throw new FormatException("+15550100142 is no number");
    }

    [Description("Does nothing, every second.")]
    public sealed class TickingJob : IJob
    {
        public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }
}
