using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SmsAi.Core.Pipeline.Intake;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Pipeline.Replying;
using SmsAi.Core.Pipeline.Routing;
using SmsAi.Core.Pipeline.Sending;
using SmsAi.Core.Platform.Configuration;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Pipeline;

/// <summary>Registers the road: intake, queue, flows, gates. The stages with parties outside register themselves beside it.</summary>
public static class PipelineServices
{
    public static IServiceCollection AddRoad(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddCheckedOptions<QueueOptions>(configuration.GetSection(QueueOptions.Section), options => options.Faults());
        services.AddCheckedOptions<IntakeOptions>(configuration.GetSection(IntakeOptions.Section), options => options.Faults());
        services.AddCheckedOptions<RepliesOptions>(configuration.GetSection(RepliesOptions.Section), options => options.Faults());
        services.AddSingleton(provider => new Ids(provider.GetRequiredService<Databases>().Road));
        services.AddSingleton(provider => new Replica(provider.GetRequiredService<Databases>().Road));

        services.AddSingleton(provider => new WriterTurn(provider.GetRequiredService<IOptions<IntakeOptions>>().Value.Writers, WriterTurn.UsualPatience));
        services.AddSingleton<KnownPeople>().AddSingleton<IntakeRows>().AddSingleton<IntakeStatement>().AddSingleton<IntakeQueue>();
        services.AddSingleton<TurnSlots>().AddSingleton<TurnLoader>().AddSingleton<QueueStore>().AddSingleton<SettleBatch>();
        services.AddSingleton<PoisonCheck>().AddSingleton<Retries>().AddSingleton<Outbox>();
        services.AddSingleton<LeaseKeeper>().AddHostedService(provider => provider.GetRequiredService<LeaseKeeper>());
        services.AddSingleton<IRouteRule, OptOutRule>().AddSingleton<Router>().AddSingleton<Answerer>();
        services.AddSingleton<ISendGate, ConsentGate>().AddSingleton<ISendGate, BlockGate>().AddSingleton<ISendGate, HoldGate>().AddSingleton<ISendGate, SpendGate>().AddSingleton<ISendGate, QuietHoursGate>();
        services.AddSingleton<GateBatch>().AddSingleton<HeldSends>().AddSingleton<SendSlots>().AddSingleton<SendOutcomes>().AddSingleton<Reconciler>();

        services.AddSingleton<InboundFlow>().AddSingleton<OutboundFlow>();
        // The flow hands turns over at run time only; the runner must not need it to be built.
        services.AddSingleton(provider => new Lazy<InboundFlow>(provider.GetRequiredService<InboundFlow>));
        services.AddSingleton<TurnRunner>().AddSingleton<ITurnStarter>(provider => provider.GetRequiredService<TurnRunner>());
        services.AddHostedService<LeaseRescuer>();
        // Last in, first out: the drain is stopped before everything it needs.
        services.AddHostedService<RoadDrain>();
        return services;
    }
}
