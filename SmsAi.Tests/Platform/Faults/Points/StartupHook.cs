using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SmsAi.Core.Pipeline.Delivery;
using SmsAi.Core.Pipeline.Replying;
using SmsAi.Tests.Platform.Faults.Points;

#pragma warning disable IDE0130, CA1050 // The runtime looks for this name, outside any namespace.

/// <summary>Loaded into the program under test by DOTNET_STARTUP_HOOKS, before its own first line: puts the fault points in.</summary>
internal static class StartupHook
{
    public static void Initialize()
    {
        if (!int.TryParse(Environment.GetEnvironmentVariable(FaultControl.Port), CultureInfo.InvariantCulture, out var port))
            return;
        var faults = new FaultEngine();
        FaultControl.Serve(port, faults);
        StatementWatch.Begin(faults);
        DiagnosticListener.AllListeners.Subscribe(new Listeners(faults));
    }

    private static void Decorate<T>(IServiceCollection services, Func<T, T> wrap)
        where T : class
    {
        var registered = services.Last(service => service.ServiceType == typeof(T));
        services.AddSingleton(provider => wrap((T)(registered.ImplementationInstance ?? registered.ImplementationFactory?.Invoke(provider)
            ?? ActivatorUtilities.CreateInstance(provider, registered.ImplementationType!))));
    }

    private sealed class Listeners(FaultEngine faults) : IObserver<DiagnosticListener>
    {
        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Microsoft.Extensions.Hosting")
                value.Subscribe(new Host(faults));
        }

        public void OnCompleted() { }

        public void OnError(Exception error) { }
    }

    // The event comes after the program has registered everything, and before it builds.
    private sealed class Host(FaultEngine faults) : IObserver<KeyValuePair<string, object?>>
    {
        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value is not { Key: "HostBuilding", Value: IHostBuilder builder })
                return;
            builder.ConfigureServices(services =>
            {
                Decorate<ICarrier>(services, carrier => new FaultyCarrier(carrier, faults));
                Decorate<IChatModel>(services, model => new FaultyModel(model, faults));
                StatementWatch.AddTo(services, faults);
            });
        }

        public void OnCompleted() { }

        public void OnError(Exception error) { }
    }
}
