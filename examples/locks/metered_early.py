import metered

metered.start()
application = metered.application
