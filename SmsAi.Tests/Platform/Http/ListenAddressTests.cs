using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using SmsAi.Core.Platform.Http;

namespace SmsAi.Tests.Platform.Http;

public sealed class ListenAddressTests
{
    [Theory]
    [InlineData("http://127.0.0.1:5080", "http://127.0.0.1:5080/")]
    [InlineData("http://localhost:5080", "http://localhost:5080/")]
    [InlineData("http://0.0.0.0:5080", "http://127.0.0.1:5080/")]
    [InlineData("http://[::]:5080", "http://127.0.0.1:5080/")]
    [InlineData("http://*:5080", "http://127.0.0.1:5080/")]
    [InlineData("http://+:5080", "http://127.0.0.1:5080/")]
    [InlineData("https://localhost:5443 http://10.0.0.7:5080", "http://10.0.0.7:5080/")]
    [InlineData("https://localhost:5443", "https://localhost:5443/")]
    [InlineData("http://unix:/run/smsai.sock", null)]
    [InlineData("http://127.0.0.1:0", null)]
    [InlineData("", null)]
    public void We_reach_ourselves_at(string addresses, string? own) =>
        (new ListenAddress(new Listening(addresses)).Current?.AbsoluteUri).ShouldBe(own);

    [Fact]
    public void It_is_found_once_the_server_listens()
    {
        var server = new Listening("");
        var address = new ListenAddress(server);
        address.Current.ShouldBeNull();
        address.Resolve("/sandbox/twilio").ShouldBeNull();

        server.Addresses.Add("http://127.0.0.1:5080");

        address.Resolve("/sandbox/twilio")!.AbsoluteUri.ShouldBe("http://127.0.0.1:5080/sandbox/twilio");
        address.Resolve("https://api.twilio.com")!.AbsoluteUri.ShouldBe("https://api.twilio.com/");
    }

    private sealed class Listening : IServer, IServerAddressesFeature
    {
        public Listening(string addresses)
        {
            foreach (var address in addresses.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                Addresses.Add(address);
            Features.Set<IServerAddressesFeature>(this);
        }

        public IFeatureCollection Features { get; } = new FeatureCollection();

        public ICollection<string> Addresses { get; } = [];

        public bool PreferHostingUrls { get; set; }

        public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken) where TContext : notnull =>
            Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose() => Features.Set<IServerAddressesFeature>(null);
    }
}
