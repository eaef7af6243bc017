using Microsoft.Extensions.Options;
using SmsAi.Core.Pipeline.Delivery;
using SmsAi.Core.Pipeline.Replying;
using SmsAi.Web.Platform.Shell;

namespace SmsAi.Web.Features.Sandbox;

/// <summary>Tells the shell at start what is not real, so that every page says it.</summary>
internal sealed class SandboxNotice(RailSource rail, IOptions<TwilioOptions> carrier, IOptions<OpenAiOptions> model) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var parts = new SandboxParts(carrier.Value.IsSandbox, model.Value.IsSandbox);
        rail.Update(before => before with { Sandbox = parts is { Carrier: false, Model: false } ? null : parts });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
